using System.Globalization;
using KeypointPipeline.Models;

namespace KeypointPipeline.Kaggle;

/// <summary>Collects a location for each row of a lookup table, and writes them as a submission.</summary>
/// <param name="lookup">What is asked.</param>
/// <param name="model">What the model says of itself.</param>
internal sealed class KaggleAnswers(KaggleLookup lookup, ModelMetadata model)
{
    private readonly float[] _locations = new float[lookup.Rows.Count];
    private int _images;
    private int _sparse;
    private int _clipped;

    /// <summary>What was collected so far.</summary>
    public KaggleSubmissionSummary Summary => new(_images, _sparse, _locations.Length, _clipped);

    /// <summary>Takes the prediction of an image, K·2 frame pixels. Where at most half of the keypoints are asked, the image is one that
    /// the competition labelled like its sparse training rows, and gets the model's offsets.</summary>
    /// <exception cref="InvalidDataException">A coordinate that is asked for is not a number.</exception>
    public void Add(long imageId, ReadOnlySpan<float> keypoints)
    {
        ReadOnlySpan<int> rows = lookup.RowsOf(imageId);
        bool sparse = SparseOffsets.IsSparse(CountKeypoints(rows), model.Schema.Count);
        foreach (int row in rows)
        {
            int coordinate = lookup.Rows[row].Coordinate;
            float location = keypoints[coordinate] + (sparse && model.SparseOffsets is { } offsets ? offsets.Values[coordinate] : 0);
            if (!float.IsFinite(location))
                throw NotANumber(imageId, coordinate);
            _locations[row] = Math.Clamp(location, 0, coordinate % 2 == 0 ? model.Schema.FrameWidth : model.Schema.FrameHeight);
            _clipped += _locations[row] == location ? 0 : 1;
        }

        _images++;
        _sparse += sparse ? 1 : 0;
    }

    /// <summary>Writes <c>RowId,Location</c>, a line per row of the lookup table and in its order.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        await text.WriteLineAsync("RowId,Location".AsMemory(), cancellationToken);
        for (int row = 0; row < _locations.Length; row++)
        {
            string line = string.Create(CultureInfo.InvariantCulture, $"{lookup.Rows[row].RowId},{_locations[row]:0.####}");
            await text.WriteLineAsync(line.AsMemory(), cancellationToken);
        }
    }

    private int CountKeypoints(ReadOnlySpan<int> rows)
    {
        var keypoints = new HashSet<int>();
        foreach (int row in rows)
            keypoints.Add(lookup.Rows[row].Coordinate / 2);
        return keypoints.Count;
    }

    private InvalidDataException NotANumber(long imageId, int coordinate) => new(
        $"The model predicts no number for {model.Schema.Names[coordinate / 2]} of image {imageId}: it is broken. Train it again, or use another.");
}
