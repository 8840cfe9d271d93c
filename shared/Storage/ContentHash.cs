using System.Security.Cryptography;

namespace KeypointPipeline.Storage;

/// <summary>Names content by its bytes: SHA-256, lower-case hexadecimal.</summary>
internal static class ContentHash
{
    /// <summary>Of a local file.</summary>
    public static async Task<string> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        return await OfAsync(file, cancellationToken);
    }

    /// <summary>Of the rest of a stream.</summary>
    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
}
