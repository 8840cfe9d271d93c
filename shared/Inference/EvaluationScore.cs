namespace KeypointPipeline.Inference;

/// <summary>Sums of errors, image by image.</summary>
internal sealed class EvaluationScore
{
    private readonly IReadOnlyList<string> _names;
    private readonly int _leftEye;
    private readonly int _rightEye;
    private readonly double[] _squares;
    private readonly long[] _points;
    private double _distances;
    private double _normalised;
    private int _images;
    private int _normalisedImages;

    public EvaluationScore(IReadOnlyList<string> names, string leftEye, string rightEye)
    {
        _names = names;
        _squares = new double[names.Count];
        _points = new long[names.Count];
        List<string> list = [.. names];
        _leftEye = list.IndexOf(leftEye);
        _rightEye = list.IndexOf(rightEye);
    }

    /// <summary>Adds one image: K·2 predicted and labelled coordinates, NaN where a label is missing.</summary>
    public void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labelled)
    {
        _images++;
        double distances = 0;
        int points = 0;
        for (int k = 0; k < _names.Count; k++)
        {
            if (!IsLabelled(labelled, k))
                continue;
            double dx = (double)predicted[2 * k] - labelled[2 * k];
            double dy = (double)predicted[(2 * k) + 1] - labelled[(2 * k) + 1];
            double square = (dx * dx) + (dy * dy);
            _squares[k] += square;
            _points[k]++;
            distances += Math.Sqrt(square);
            points++;
        }

        _distances += distances;
        if (EyeDistance(labelled) is double eyes and > 0)
        {
            _normalised += distances / points / eyes;
            _normalisedImages++;
        }
    }

    public EvaluationResult Result()
    {
        long points = _points.Sum();
        var perKeypoint = new Dictionary<string, double?>(StringComparer.Ordinal);
        for (int k = 0; k < _names.Count; k++)
            perKeypoint[_names[k]] = Rmse(_squares[k], _points[k]);
        return new EvaluationResult(
            _images,
            points,
            Rmse(_squares.Sum(), points),
            points == 0 ? null : _distances / points,
            _normalisedImages == 0 ? null : _normalised / _normalisedImages,
            _normalisedImages,
            perKeypoint);
    }

    private static double? Rmse(double squares, long points) => points == 0 ? null : Math.Sqrt(squares / (2 * points));

    private static bool IsLabelled(ReadOnlySpan<float> labelled, int k) =>
        !float.IsNaN(labelled[2 * k]) && !float.IsNaN(labelled[(2 * k) + 1]);

    private double? EyeDistance(ReadOnlySpan<float> labelled)
    {
        if (_leftEye < 0 || _rightEye < 0 || !IsLabelled(labelled, _leftEye) || !IsLabelled(labelled, _rightEye))
            return null;
        double dx = labelled[2 * _leftEye] - labelled[2 * _rightEye];
        double dy = labelled[(2 * _leftEye) + 1] - labelled[(2 * _rightEye) + 1];
        return Math.Sqrt((dx * dx) + (dy * dy));
    }
}
