using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Stores results as blobs in the <c>results</c> container. Each is written to a local temporary file and then uploaded.</summary>
/// <param name="storage">The account.</param>
/// <param name="prefix">Prefix of every name, such as <c>holiday/</c>.</param>
/// <param name="claim">The claim without which no small file is written, or null. Tables need no claim: every drop writes all of them, and
/// the summary after them.</param>
public sealed class BlobResultStore(PipelineStorage storage, string prefix, BatchClaim? claim = null) : IResultStore
{
    /// <inheritdoc/>
    public StagedFile Create(string name) => new(
        WholeFile.Create(Path.Combine(Path.GetTempPath(), $"keypoints-{Guid.NewGuid():N}")),
        (file, cancellationToken) => Blob(name).UploadAsync(file.Stream, Options(name), cancellationToken));

    /// <inheritdoc/>
    /// <remarks>Overlays have names that no other drop needs to have, so nothing would replace one that is written too late. If the claim is
    /// lost during the write, the file is deleted, unless the newer drop has already replaced it.</remarks>
    /// <exception cref="PermanentStepException">The claim is lost.</exception>
    public async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (claim is not null)
            await claim.RequireAsync(cancellationToken);
        BlobContentInfo written = await Blob(name).UploadAsync(BinaryData.FromBytes(content), Options(name), cancellationToken);
        if (claim is null || await claim.HoldsAsync(cancellationToken))
            return;
        try
        {
            await Blob(name).DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = written.ETag }, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            // The newer drop wrote it again.
        }

        throw claim.Lost();
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private static BlobUploadOptions Options(string name) =>
        new() { HttpHeaders = new BlobHttpHeaders { ContentType = ResultFiles.MediaType(name) } };

    private BlobClient Blob(string name) => storage.Blob(BlobLayout.Results, prefix + name);
}
