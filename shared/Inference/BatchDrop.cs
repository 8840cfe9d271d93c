using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Finding;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Inference;

/// <summary>What was dropped as a batch: a folder of images with its marker, or a zip. Both may exist under one name. The one that was
/// dropped last is the batch.</summary>
/// <param name="IsZip">Whether it is <c>images/{batch}.zip</c> instead of <c>images/{batch}/_READY</c>.</param>
/// <param name="ETag">ETag of the zip or marker.</param>
/// <param name="Finder">What the drop states about finding instances: metadata <see cref="FinderMetadata"/> of the zip or marker. It is
/// untrusted; null if there is none.</param>
public sealed record BatchDrop(bool IsZip, ETag ETag, string? Finder = null)
{
    /// <summary>Name of the metadata of a zip or marker that states a finder. Metadata are replaced with their blob, so a finder counts for one
    /// drop only.</summary>
    public const string FinderMetadata = "finder";

    /// <summary>Returns the metadata that state a finder.</summary>
    public static IDictionary<string, string>? Metadata(FinderKind? finder) =>
        finder is FinderKind kind ? new Dictionary<string, string>(StringComparer.Ordinal) { [FinderMetadata] = FinderNames.Of(kind) } : null;

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
            drops.Add(Of(isZip: false, marker));
        if (zip is not null && !(marker?.LastModified > zip.LastModified))
            drops.Add(Of(isZip: true, zip));
        return drops;
    }

    private static BatchDrop Of(bool isZip, BlobProperties blob) => new(isZip, blob.ETag, blob.Metadata.TryGetValue(FinderMetadata, out string? finder) ? finder : null);
}
