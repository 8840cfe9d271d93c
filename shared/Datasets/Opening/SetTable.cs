using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>A table of a dropped set, and what its first rows say about it.</summary>
/// <param name="File">The table, or a zip inside the set with one table.</param>
/// <param name="Source">The same, as it is read.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Problem">Why it has no labels with pixels, as a message; null if it has.</param>
/// <param name="Format">What labels without pixels it looks like; null if it has pixels or does not look like labels.</param>
internal sealed record SetTable(SetFile File, DatasetSource Source, TableKind Kind, string? Problem = null, string? Format = null)
{
    /// <summary>Its path in the set.</summary>
    public string Path => File.Path;
}

/// <summary>What a table of a dropped set holds.</summary>
internal enum TableKind
{
    /// <summary>Nothing that is read, for example notes.</summary>
    Other,

    /// <summary>Labels and the pixels of their pictures.</summary>
    Labelled,

    /// <summary>Labels without pixels: the pictures are files beside it.</summary>
    LabelsOnly,

    /// <summary>Kaggle's pictures to predict: <c>ImageId</c> and <c>Image</c>.</summary>
    KaggleTest,

    /// <summary>Kaggle's <c>IdLookupTable.csv</c>.</summary>
    KaggleLookup,

    /// <summary>Kaggle's <c>SampleSubmission.csv</c>.</summary>
    KaggleSubmission,
}
