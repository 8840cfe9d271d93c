namespace KeypointPipeline.Api;

/// <summary>A file as a body. The host sends it, or the range that the request asks for, straight from storage: only a small part of it
/// is in memory at a time.</summary>
/// <param name="Content">Reads the file, from any position. The host disposes it.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Its strong ETag, in quotes. <paramref name="Content"/> reads this version or fails.</param>
/// <param name="LastModified">When it was written, UTC; null if only its ETag tells versions apart.</param>
/// <param name="DownloadName">The name under which browsers save it; null if they may show it.</param>
public sealed record ApiFile(Stream Content, string ContentType, string ETag, DateTimeOffset? LastModified, string? DownloadName = null)
{
    /// <summary>Headers of each file. Text in a file, such as an image's name, comes from others. So browsers do not guess the type, run
    /// nothing, load nothing, and show no file inside another site's page. A copy is used again only after it was checked.</summary>
    internal static IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["Content-Security-Policy"] =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-downloads",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
        ["Cache-Control"] = "private, no-cache",
    };
}
