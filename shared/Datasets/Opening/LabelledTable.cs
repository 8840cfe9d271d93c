using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>The table with the labels of a dropped set, and where the images of its rows are.</summary>
/// <param name="Source">The table.</param>
/// <param name="OpenImagesAsync">Opens the images beside the table; null if they are in the table.</param>
/// <param name="Files">The set's files that are needed: the table, the images beside it and the sidecar.</param>
internal sealed record LabelledTable(
    DatasetSource Source, Func<CancellationToken, Task<RowImages>>? OpenImagesAsync, IReadOnlyList<SetFile> Files) : SetLabels(Files);
