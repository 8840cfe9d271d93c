using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Evaluation;

/// <summary>Accumulates a model's errors, image by image.</summary>
internal sealed class EvaluationScore
{
    private readonly IReadOnlyList<string> _names;
    private readonly EyePair? _eyes;
    private readonly NormalizedErrors _normalised = new();
    private readonly Calibration? _calibration;
    private readonly SparseOffsets? _offsets;
    private readonly double[] _squares;
    private readonly long[] _points;
    private double _distances;
    private double _pictureSquares;
    private double _pictureDistances;
    private long _picturePoints;
    private int _images;

    /// <summary>Creates an empty score for one model.</summary>
    /// <param name="schema">The model's keypoints and frame.</param>
    /// <param name="hasUncertainty">Whether the model predicts uncertainties.</param>
    /// <param name="offsets">Offset of sparse rows' labels from predictions; null if sparse rows follow the same labelling rule.</param>
    public EvaluationScore(KeypointSchema schema, bool hasUncertainty, SparseOffsets? offsets)
    {
        _offsets = offsets;
        _names = schema.Names;
        _squares = new double[schema.Count];
        _points = new long[schema.Count];
        _eyes = EyePair.Find(schema);
        _calibration = hasUncertainty ? new Calibration() : null;
    }

    /// <summary>Adds one image. A sparse row is compared under its own labelling rule: with the model's offsets added to its
    /// predictions.</summary>
    /// <param name="predicted">K·2 predicted coordinates. A keypoint that the model does not predict is NaN and is not compared.</param>
    /// <param name="labelled">K·2 labelled coordinates. A missing label is NaN.</param>
    /// <param name="uncertainties">K uncertainties, or none if the model gives none.</param>
    /// <param name="compared">For each keypoint, whether it counts in the returned sums; null counts all.</param>
    /// <param name="pictureScale">Pixels of the upright picture per pixel of the model's frame; NaN if the frame is not part of a
    /// picture.</param>
    public RowScore Add(
        ReadOnlySpan<float> predicted,
        ReadOnlySpan<float> labelled,
        ReadOnlySpan<float> uncertainties,
        IReadOnlyList<bool>? compared,
        double pictureScale = double.NaN)
    {
        _images++;
        double distances = 0;
        double squares = 0;
        double predictedSquares = 0;
        int points = 0;
        double comparedSquares = 0;
        int comparedPoints = 0;
        int nearPoints = 0;
        double? eyes = EyeDistance(labelled);
        ReadOnlySpan<float> offsets = OffsetsOf(labelled);
        for (int k = 0; k < _names.Count; k++)
        {
            if (!IsLabelled(labelled, k) || float.IsNaN(predicted[2 * k]))
                continue;
            double dx = (double)predicted[2 * k] - labelled[2 * k];
            double dy = (double)predicted[(2 * k) + 1] - labelled[(2 * k) + 1];
            if (!offsets.IsEmpty)
            {
                dx += offsets[2 * k];
                dy += offsets[(2 * k) + 1];
            }

            double square = (dx * dx) + (dy * dy);
            _squares[k] += square;
            _points[k]++;
            double distance = Math.Sqrt(square);
            distances += distance;
            nearPoints += distance <= NormalizedErrors.Threshold * eyes ? 1 : 0;
            squares += square;
            if (_calibration is not null)
                predictedSquares += (double)uncertainties[k] * uncertainties[k];
            points++;
            if (compared?[k] != false)
            {
                comparedSquares += square;
                comparedPoints++;
            }
        }

        _distances += distances;
        _calibration?.Add(squares / 2, predictedSquares, points);
        if (!double.IsNaN(pictureScale))
        {
            _pictureSquares += squares * pictureScale * pictureScale;
            _pictureDistances += distances * pictureScale;
            _picturePoints += points;
        }

        if (points == 0 || eyes is not > 0)
            return new RowScore(comparedSquares, comparedPoints, distances, points, Nme: null);
        double nme = distances / points / eyes.Value;
        _normalised.Add(nme, points, nearPoints);
        return new RowScore(comparedSquares, comparedPoints, distances, points, nme);
    }

    public EvaluationResult Result()
    {
        long points = _points.Sum();
        var perKeypoint = new Dictionary<string, double?>(StringComparer.Ordinal);
        for (int k = 0; k < _names.Count; k++)
            perKeypoint[_names[k]] = Rmse(_squares[k], _points[k]);
        (double? ratio, double? correlation) = _calibration?.Result() ?? (null, null);
        return new EvaluationResult(
            _images,
            points,
            Rmse(_squares.Sum(), points),
            points == 0 ? null : _distances / points,
            _normalised.Mean,
            _normalised.Images,
            perKeypoint,
            ratio,
            correlation,
            _normalised.Images == 0 ? null : _eyes?.Kind,
            _normalised.FailureRate,
            _normalised.AreaUnderCurve,
            _normalised.CorrectPoints,
            Rmse(_pictureSquares, _picturePoints),
            _picturePoints == 0 ? null : _pictureDistances / _picturePoints);
    }

    private static double? Rmse(double squares, long points) => points == 0 ? null : Math.Sqrt(squares / (2 * points));

    private static bool IsLabelled(ReadOnlySpan<float> labelled, int k) =>
        !float.IsNaN(labelled[2 * k]) && !float.IsNaN(labelled[(2 * k) + 1]);

    private ReadOnlySpan<float> OffsetsOf(ReadOnlySpan<float> labelled)
    {
        if (_offsets is null)
            return default;
        int labels = 0;
        for (int k = 0; k < _names.Count; k++)
        {
            if (IsLabelled(labelled, k))
                labels++;
        }

        return SparseOffsets.IsSparse(labels, _names.Count) ? _offsets.Values : default;
    }

    private double? EyeDistance(ReadOnlySpan<float> labelled)
    {
        if (_eyes is not (int left, int right, _) || !IsLabelled(labelled, left) || !IsLabelled(labelled, right))
            return null;
        double dx = labelled[2 * left] - labelled[2 * right];
        double dy = labelled[(2 * left) + 1] - labelled[(2 * right) + 1];
        return Math.Sqrt((dx * dx) + (dy * dy));
    }
}
