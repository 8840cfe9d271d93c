using System.Globalization;
using KeypointPipeline.Models;

namespace KeypointPipeline.Kaggle;

/// <summary>Collects a location for each row of a lookup table and writes them as a submission.</summary>
/// <param name="lookup">The lookup table.</param>
/// <param name="model">The model's metadata.</param>
internal sealed class KaggleAnswers(KaggleLookup lookup, ModelMetadata model)
{
    private readonly float[] _locations = new float[lookup.Rows.Count];
    private int _images;
    private int _sparse;
    private int _clipped;

    /// <summary>Gets the totals of the images added so far.</summary>
    public KaggleSubmissionSummary Summary => new(_images, _sparse, _locations.Length, _clipped);

    /// <summary>Adds the prediction of an image, K·2 coordinates in frame pixels. Test images that ask for at most half of the keypoints
    /// follow the labelling rule of the competition's sparse training rows. Their coordinates get the model's offsets.</summary>
    /// <exception cref="InvalidDataException">A requested coordinate is not a finite number.</exception>
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

    /// <summary>Writes <c>RowId,Location</c>, then one line for each row of the lookup table, in the table's order.</summary>
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
        $"The model predicts no number for {model.Schema.Names[coordinate / 2]} of image {imageId}. Train the model again, or use another model.");
}
