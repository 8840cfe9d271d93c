using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Deletes results and work files of batches. A batch of 10⁸ images has 400,000 lists of names while it runs. Deleting them may
/// take longer than a step may, so each call works for a limited time.</summary>
/// <param name="storage">The account.</param>
/// <param name="time">The clock of the limit.</param>
public sealed class ResultsRemoval(PipelineStorage storage, TimeProvider time)
{
    /// <summary>Maximum time of one call. In the region of the account, that is about half a million files.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(4);

    /// <summary>Deletes the results of a batch, summary first. Takes the batch from the instances that worked on it: deletes their claims,
    /// and as many of their other files as the time allows. What is left is deleted with the next drop of the batch.</summary>
    public async Task RemoveResultsAsync(string batch, CancellationToken cancellationToken)
    {
        await storage.Blob(BlobLayout.Results, $"{batch}/{ResultFiles.Summary}").DeleteIfExistsAsync(cancellationToken: cancellationToken);
        string folders = BatchWork.Folders(batch);
        await foreach (BlobHierarchyItem item in storage.Container(BlobLayout.Results)
            .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, delimiter: "/", folders, cancellationToken))
        {
            if (item.IsPrefix)
                await RemoveClaimAsync(item.Prefix, cancellationToken);
        }

        await storage.DeleteAllAsync(
            BlobLayout.Results, new StoredResults(storage).ListAsync(batch, cancellationToken).Select(blob => blob.Name), cancellationToken);
        await DeleteAsync(folders, cancellationToken);
    }

    /// <summary>Deletes the work files of one instance, its claim first, for a limited time.</summary>
    /// <returns>False if some are left. Then call it again.</returns>
    public async Task<bool> RemoveWorkAsync(string batch, string instanceId, CancellationToken cancellationToken)
    {
        string folder = BatchWork.Folder(batch, instanceId);
        await RemoveClaimAsync(folder, cancellationToken);
        return await DeleteAsync(folder, cancellationToken);
    }

    private async Task RemoveClaimAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (string claim in (string[])[BatchWork.Claim(folder), BatchWork.EarlierClaim(folder)])
            await storage.Blob(BlobLayout.Results, claim).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    private async Task<bool> DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await storage.DeleteAllAsync(BlobLayout.Results, prefix, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
