using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Deletes prepared sets that a step uploaded to <c>prepared/_incoming/{name}/</c> and never moved under their id, because it was
/// killed. The next try of the step uploads a set of its own.</summary>
internal sealed class PreparedLeftovers(PipelineStorage storage, TimeProvider time, ILogger logger)
{
    /// <summary>Longer than any step runs, with all its tries.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(24);

    /// <summary>Deletes the folders whose newest blob is older than a day.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var newest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Prepared, BlobLayout.PreparedIncoming, cancellationToken))
        {
            string folder = blob.Name[..(blob.Name.IndexOf('/', BlobLayout.PreparedIncoming.Length) + 1)];
            if (folder.Length > 0 && blob.Properties.LastModified > newest.GetValueOrDefault(folder))
                newest[folder] = blob.Properties.LastModified.Value;
        }

        foreach ((string folder, DateTimeOffset written) in newest)
        {
            if (time.GetUtcNow() - written <= Age)
                continue;
            int deleted = await storage.DeleteAllAsync(BlobLayout.Prepared, folder, cancellationToken);
            logger.LogInformation("prepared/{Folder} was left behind: {Count} blobs deleted", folder, deleted);
        }
    }
}
