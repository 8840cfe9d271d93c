using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets;

/// <summary>The sidecar beside a dropped file in storage (<see cref="SidecarFile"/>). A folder has none beside it: its sidecar is one of
/// its files.</summary>
/// <param name="storage">The account.</param>
/// <param name="path">The dataset's path (<see cref="DatasetPath"/>).</param>
public sealed class BlobSidecar(PipelineStorage storage, string path)
{
    private readonly string? _name = DatasetPath.IsFolder(path) ? null : path + SidecarFile.Ending;
    private ETag? _read;

    /// <summary>Returns the sidecar's ETag, or null if there is none. It identifies the drop together with the file's ETag.</summary>
    public async Task<string?> FindETagAsync(CancellationToken cancellationToken) => (await ReadETagAsync(cancellationToken))?.ToString();

    /// <summary>Reads the sidecar. Returns null if there is none.</summary>
    internal async Task<SidecarFile?> FindAsync(CancellationToken cancellationToken)
    {
        if (_name is null)
            return null;
        BlobProperties? found = await storage.FindPropertiesAsync(BlobLayout.Datasets, _name, cancellationToken);
        SidecarFile.ThrowIfTooLarge(_name, found?.ContentLength ?? 0);
        BlobDownloadResult? content = found is null ? null : await storage.FindContentAsync(BlobLayout.Datasets, _name, cancellationToken);
        _read = content?.Details.ETag;
        return content is null ? null : new SidecarFile(_name, content.Content.ToMemory());
    }

    /// <summary>Whether the sidecar was replaced, added or deleted since <see cref="FindAsync"/>.</summary>
    internal async Task<bool> HasChangedAsync(CancellationToken cancellationToken) => await ReadETagAsync(cancellationToken) != _read;

    private async Task<ETag?> ReadETagAsync(CancellationToken cancellationToken) =>
        _name is null ? null : await storage.FindETagAsync(BlobLayout.Datasets, _name, cancellationToken);
}
