using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Stores results as blobs in the <c>results</c> container. Each is written to a local temporary file and then uploaded.</summary>
/// <param name="storage">The account.</param>
/// <param name="prefix">Prefix of every name, such as <c>holiday/</c>.</param>
public sealed class BlobResultStore(PipelineStorage storage, string prefix) : IResultStore
{
    /// <inheritdoc/>
    public StagedFile Create(string name) => new(
        WholeFile.Create(Path.Combine(Path.GetTempPath(), $"keypoints-{Guid.NewGuid():N}")),
        (file, cancellationToken) => Blob(name).UploadAsync(file.Stream, Options(name), cancellationToken));

    /// <inheritdoc/>
    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Blob(name).UploadAsync(BinaryData.FromBytes(content), Options(name), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private static BlobUploadOptions Options(string name) =>
        new() { HttpHeaders = new BlobHttpHeaders { ContentType = ResultFiles.MediaType(name) } };

    private BlobClient Blob(string name) => storage.Blob(BlobLayout.Results, prefix + name);
}
