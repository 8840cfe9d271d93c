using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Lists every blob of <c>datasets</c>. Files of folders are among them: the listing gives no way around them.</summary>
/// <param name="storage">The account.</param>
/// <param name="limits">The size of a page.</param>
/// <param name="time">Used if storage does not state its own time.</param>
internal sealed class DatasetListing(PipelineStorage storage, ReconcileLimits limits, TimeProvider time) : IDropListing
{
    /// <inheritdoc/>
    public string Container => BlobLayout.Datasets;

    /// <inheritdoc/>
    public async Task<DropPage> ListAsync(string? from, CancellationToken cancellationToken)
    {
        Page<BlobItem> page = await storage.Container(Container)
            .GetBlobsAsync(BlobTraits.CopyStatus, BlobStates.None, prefix: null, cancellationToken)
            .AsPages(from, limits.PageSize)
            .FirstAsync(cancellationToken);

        // While storage copies a blob from elsewhere, it is listed and has no content yet.
        return new DropPage(
            [
                .. from blob in page.Values
                   where blob.Properties.ETag is not null && blob.Properties.CopyStatus is null or CopyStatus.Success
                   select new SeenBlob(blob.Name, $"{blob.Properties.ETag}", blob.Properties.LastModified),
            ],
            string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken,
            page.GetRawResponse().Headers.Date ?? time.GetUtcNow(),
            Looks: 0);
    }
}
