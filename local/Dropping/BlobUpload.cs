using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Local.Dropping;

/// <summary>Uploads single files. An existing blob is overwritten.</summary>
internal static class BlobUpload
{
    /// <summary>Uploads a file of this machine.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="container">The container.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <param name="metadata">Metadata of the blob, or null.</param>
    /// <returns>The blob's ETag.</returns>
    public static async Task<ETag> UploadAsync(
        this PipelineStorage storage,
        string container,
        string name,
        string path,
        IProgress<double>? progress,
        CancellationToken cancellationToken,
        IDictionary<string, string>? metadata = null)
    {
        long length = Math.Max(1, new FileInfo(path).Length);
        var options = new BlobUploadOptions { Metadata = metadata };
        if (progress is not null)
            options.ProgressHandler = new Progress<long>(bytes => progress.Report((double)bytes / length));
        BlobContentInfo uploaded = await storage.Blob(container, name).UploadAsync(path, options, cancellationToken);
        return uploaded.ETag;
    }

    /// <summary>Uploads a file of a set.</summary>
    /// <returns>The blob's ETag.</returns>
    public static async Task<ETag> UploadAsync(
        this PipelineStorage storage, string container, string name, SetFile file, CancellationToken cancellationToken)
    {
        await using Stream content = await file.OpenAsync(cancellationToken);
        BlobContentInfo uploaded = await storage.Blob(container, name).UploadAsync(content, overwrite: true, cancellationToken);
        return uploaded.ETag;
    }
}
