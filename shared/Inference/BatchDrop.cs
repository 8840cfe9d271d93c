using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Inference;

/// <summary>What was dropped as a batch: a folder of images with its marker, or a zip. Both may exist under one name. The one that was
/// dropped last is the batch.</summary>
/// <param name="IsZip">Whether it is <c>images/{batch}.zip</c> instead of <c>images/{batch}/_READY</c>.</param>
/// <param name="ETag">ETag of the zip or marker.</param>
public sealed record BatchDrop(bool IsZip, ETag ETag)
{
    /// <summary>The marker's name in the container <c>images</c>.</summary>
    public static string Marker(string batch) => $"{batch}/{BlobLayout.ReadyMarker}";

    /// <summary>Finds what was dropped last under a name.</summary>
    /// <returns>One drop; both if storage gives them the same time, which it keeps in seconds, the marker first; none if there is neither.</returns>
    public static async Task<IReadOnlyList<BatchDrop>> FindLatestAsync(PipelineStorage storage, string batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        BlobProperties? zip = await storage.FindPropertiesAsync(BlobLayout.Images, BatchName.Zip(batch), cancellationToken);
        BlobProperties? marker = await storage.FindPropertiesAsync(BlobLayout.Images, Marker(batch), cancellationToken);
        var drops = new List<BatchDrop>(2);
        if (marker is not null && !(zip?.LastModified > marker.LastModified))
            drops.Add(new BatchDrop(IsZip: false, marker.ETag));
        if (zip is not null && !(marker?.LastModified > zip.LastModified))
            drops.Add(new BatchDrop(IsZip: true, zip.ETag));
        return drops;
    }
}
