using Azure;
using KeypointPipeline.Datasets;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Dropping;

/// <summary>Finds out whether a dropped item is still there, or whether newer content took its place.</summary>
public sealed class DroppedContent(PipelineStorage storage)
{
    /// <summary>Looks at what has the item's name now.</summary>
    /// <returns>Null if it is still the item. Otherwise a sentence that names the newer instance, or says that the item was deleted.</returns>
    public async Task<string?> FindReplacementAsync(DroppedItem item, CancellationToken cancellationToken)
    {
        string[] instances = item.Kind == DroppedKind.Dataset
            ? await InstancesOfDatasetAsync(item.Name, cancellationToken)
            : await InstancesOfBatchAsync(item.Name, cancellationToken);
        string what = item.Kind == DroppedKind.Dataset ? item.Name : $"batch {item.Name}";
        if (instances.Contains(item.InstanceId, StringComparer.Ordinal))
            return null;
        return instances.Length == 0
            ? $"{what} was deleted before it was used."
            : $"A newer {what} took its place. Follow the newer one with: ./keypoints status {instances[0]} --watch";
    }

    private async Task<string[]> InstancesOfDatasetAsync(string path, CancellationToken cancellationToken)
    {
        ETag? file = await storage.FindETagAsync(BlobLayout.Datasets, DatasetPath.BlobOf(path), cancellationToken);
        string? sidecar = await new BlobSidecar(storage, path).FindETagAsync(cancellationToken);
        return file is null ? [] : [InstanceIds.Ingest(path, file.Value.ToString(), sidecar)];
    }

    private async Task<string[]> InstancesOfBatchAsync(string batch, CancellationToken cancellationToken) =>
        [.. (await BatchDrop.FindLatestAsync(storage, batch, cancellationToken)).Select(drop => InstanceIds.Batch(batch, drop.ETag.ToString()))];
}
