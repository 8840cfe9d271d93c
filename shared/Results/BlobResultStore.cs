using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Stores results as blobs in the <c>results</c> container. Large ones are streamed; nothing is written to the local disk.</summary>
/// <remarks>A result may have a name that no other drop of the batch needs to have: an overlay, or a numbered table. Nothing would then
/// replace one that is written too late. If the claim is lost during a write, the file is deleted, unless the newer drop has already
/// replaced it.</remarks>
/// <param name="storage">The account.</param>
/// <param name="prefix">Prefix of every name, such as <c>holiday/</c>.</param>
/// <param name="claim">The claim without which nothing is written, or null.</param>
public sealed class BlobResultStore(PipelineStorage storage, string prefix, BatchClaim? claim = null) : IResultStore
{
    /// <inheritdoc/>
    /// <remarks>Committing it throws <see cref="PermanentStepException"/> if the claim is lost.</remarks>
    public StagedFile Create(string name)
    {
        BlockUploadStream upload = storage.StartUpload(BlobLayout.Results, prefix + name, ResultFiles.MediaType(name));
        return new StagedFile(upload, token => WriteAsync(name, upload.CommitAsync, token), upload);
    }

    /// <inheritdoc/>
    /// <exception cref="PermanentStepException">The claim is lost.</exception>
    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = ResultFiles.MediaType(name) } };
        return WriteAsync(
            name, async token => (await Blob(name).UploadAsync(BinaryData.FromBytes(content), options, token)).Value.ETag, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private async Task WriteAsync(string name, Func<CancellationToken, Task<ETag>> write, CancellationToken cancellationToken)
    {
        if (claim is not null)
            await claim.RequireAsync(cancellationToken);
        ETag written = await write(cancellationToken);
        if (claim is null || await claim.HoldsAsync(cancellationToken))
            return;
        try
        {
            await Blob(name).DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = written }, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            // The newer drop wrote it again.
        }

        throw claim.Lost();
    }

    private BlobClient Blob(string name) => storage.Blob(BlobLayout.Results, prefix + name);
}
