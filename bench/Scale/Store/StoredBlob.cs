namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>A blob. It is never changed: writing a blob replaces the object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ETag">Its ETag, without quotes.</param>
/// <param name="LastModified">When it was written, in seconds, as services state it.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">Its content.</param>
internal sealed record StoredBlob(string Name, string ETag, DateTimeOffset LastModified, string ContentType, BlobContent Content)
{
    /// <summary>The order in which services list blobs: by the bytes of their names.</summary>
    public static IComparer<StoredBlob> ByName { get; } = Comparer<StoredBlob>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    /// <summary>A blob to search for.</summary>
    public static StoredBlob Probe(string name) => new(name, "", default, "", Nothing);

    private static BlobContent Nothing { get; } = new(0, 0, []);
}
