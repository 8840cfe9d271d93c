using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Frames;

/// <summary>The framing of a model that learns from several datasets.</summary>
/// <param name="Framing">The framing of most rows, for the keypoints of the training; null for <see cref="Framing.Given"/>.</param>
/// <param name="Note">Says that the datasets have several framings, and which one the model has; null if they have one.</param>
public sealed record SharedFraming(Framing? Framing, string? Note)
{
    /// <summary>Finds the framing of most rows. The largest dataset of that framing gives the shape.</summary>
    /// <param name="datasets">The datasets to train on: at least one.</param>
    /// <param name="schema">Keypoints of the training.</param>
    public static SharedFraming Of(IReadOnlyList<DatasetManifest> datasets, KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        ArgumentNullException.ThrowIfNull(schema);
        var groups = datasets
            .Select(dataset => (dataset.Rows, Framing: dataset.Framing ?? Framing.Given))
            .GroupBy(dataset => (dataset.Framing.Kind, dataset.Framing.Margin))
            .Select(group => (Rows: group.Sum(dataset => (long)dataset.Rows), group.MaxBy(dataset => dataset.Rows).Framing))
            .OrderByDescending(group => group.Rows)
            .ToList();
        Framing most = groups[0].Framing;
        string? note = groups.Count == 1
            ? null
            : $"The datasets have several framings: {string.Join("; ", groups.Select(group => $"{group.Rows:N0} rows {group.Framing.Describe()}"))}. "
                + $"The model frames {most.Describe()}.";
        return new SharedFraming(most.Kind == FramingKind.Given ? null : most.For(schema.Names), note);
    }
}
