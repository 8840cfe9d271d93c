using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>A dropped file or set whose labels are prepared.</summary>
/// <param name="Name">Path or blob name.</param>
/// <param name="ETag">Its ETag, or null if it is on this machine.</param>
/// <param name="FindSidecarAsync">Finds the sidecar beside a file; null for a set of files, whose sidecar is one of them.</param>
internal sealed record DroppedLabels(string Name, string? ETag, Func<CancellationToken, Task<SidecarFile?>>? FindSidecarAsync)
{
    /// <summary>Whether it is a set of files.</summary>
    public bool IsSet { get; init; }

    private string OwnName => FileNames.OwnName(Name.TrimEnd('/'));

    /// <summary>Starts to count its rows.</summary>
    public RowTally StartTally() => IsSet
        ? new RowTally(Name) { File = OwnName, Sidecar = $"{SidecarFile.NameInZip} in {OwnName}" }
        : new RowTally(Name);
}
