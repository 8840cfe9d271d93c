using KeypointPipeline.Files;
using KeypointPipeline.Images.Resampling;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>Rows of prepared datasets as one schema sees them. Keypoints are matched by name, whatever their order and spelling, and
/// frames of another size are resampled with their keypoints. Training and evaluation read rows through it.</summary>
public sealed class SchemaRows
{
    private const int NamesShown = 20;

    private readonly Dataset[] _datasets;

    /// <summary>Matches datasets with a schema.</summary>
    /// <param name="datasets">The datasets. They stay the caller's.</param>
    /// <param name="schema">The schema.</param>
    public SchemaRows(IReadOnlyList<IDatasetRows> datasets, KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        ArgumentNullException.ThrowIfNull(schema);
        Schema = schema;
        Datasets = datasets;
        _datasets = [.. datasets.Select(dataset => Match(dataset, schema))];
    }

    /// <summary>The datasets, in the order of a row plan.</summary>
    public IReadOnlyList<IDatasetRows> Datasets { get; }

    /// <summary>The schema that all rows are read in.</summary>
    public KeypointSchema Schema { get; }

    /// <summary>Describes for people which keypoints a dataset and a schema do not have in common.</summary>
    /// <returns>A sentence that names them, or null if the names are the same.</returns>
    /// <param name="dataset">The dataset.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="owner">What has the schema, for example <c>the model</c>.</param>
    public static string? FindDifference(DatasetManifest dataset, KeypointSchema schema, string owner)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        KeypointMatch match = KeypointMatch.Between(dataset.Schema, schema);
        string[] parts =
        [
            .. match.OnlyInSource.Count == 0 ? (string[])[] : [$"{owner} has no {List(match.OnlyInSource)}"],
            .. match.OnlyInTarget.Count == 0 ? (string[])[] : [$"{dataset.Source} has no {List(match.OnlyInTarget)}"],
        ];
        return parts.Length == 0 ? null : $"Keypoints that differ: {string.Join("; ", parts)}.";
    }

    /// <summary>Throws if a dataset has no keypoint of a schema.</summary>
    /// <exception cref="InvalidDataException">The message names the columns of both.</exception>
    public static void RequireAny(DatasetManifest dataset, KeypointSchema schema, string owner)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(schema);
        if (KeypointMatch.Between(dataset.Schema, schema).ToSource.All(column => column < 0))
        {
            throw new InvalidDataException(
                $"{dataset.Source} has none of the keypoints of {owner}. It has {List(dataset.Schema.Names)}; {owner} has {List(schema.Names)}. "
                + "Columns match by name, without regard to case, '_', '-', '.' and spaces.");
        }
    }

    /// <summary>Copies a row's grey pixels in the schema's frame, H·W, line by line.</summary>
    /// <param name="dataset">Index of the dataset.</param>
    /// <param name="row">Index of the row in the dataset.</param>
    /// <param name="pixels">Receives the pixels.</param>
    public void CopyImage(int dataset, int row, Span<byte> pixels)
    {
        ReadOnlySpan<byte> image = Datasets[dataset].Image(row);
        if (_datasets[dataset].Resampler is FrameResampler resampler)
            resampler.Resample(image, pixels);
        else
            image.CopyTo(pixels);
    }

    /// <summary>Copies a row's coordinates in pixels of the schema's frame, K·2. Both are NaN if the label is missing.</summary>
    /// <param name="dataset">Index of the dataset.</param>
    /// <param name="row">Index of the row in the dataset.</param>
    /// <param name="coordinates">Receives the coordinates.</param>
    public void CopyKeypoints(int dataset, int row, Span<float> coordinates)
    {
        ReadOnlySpan<float> labels = Datasets[dataset].Keypoints(row);
        (IReadOnlyList<int> columns, FrameResampler? resampler) = _datasets[dataset];
        for (int k = 0; k < columns.Count; k++)
        {
            (float x, float y) = columns[k] < 0 ? (float.NaN, float.NaN) : (labels[2 * columns[k]], labels[(2 * columns[k]) + 1]);
            (coordinates[2 * k], coordinates[(2 * k) + 1]) = resampler?.Move(x, y) ?? (x, y);
        }
    }

    /// <summary>Pixels of a dataset's frame per pixel of the schema's frame. 1 if they have the same size.</summary>
    /// <param name="dataset">Index of the dataset.</param>
    public double ScaleOf(int dataset) => _datasets[dataset].Resampler?.Scale ?? 1;

    private static Dataset Match(IDatasetRows dataset, KeypointSchema schema)
    {
        KeypointSchema own = dataset.Manifest.Schema;
        IReadOnlyList<int> columns = KeypointMatch.Between(own, schema).ToSource;
        bool sameFrame = own.FrameWidth == schema.FrameWidth && own.FrameHeight == schema.FrameHeight;
        return new Dataset(
            columns, sameFrame ? null : new FrameResampler(own.FrameWidth, own.FrameHeight, schema.FrameWidth, schema.FrameHeight));
    }

    private static string List(IReadOnlyList<string> names) => ShownText.List(names, most: NamesShown);

    /// <param name="Columns">For each keypoint of the schema, its index in the dataset, or -1.</param>
    /// <param name="Resampler">Resamples the dataset's frames; null if they have the schema's size.</param>
    private sealed record Dataset(IReadOnlyList<int> Columns, FrameResampler? Resampler);
}
