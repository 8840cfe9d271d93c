using System.Security.Cryptography;

namespace KeypointPipeline.Storage;

/// <summary>Computes SHA-256 hashes as lower-case hexadecimal text.</summary>
internal static class ContentHash
{
    /// <summary>Hashes a local file.</summary>
    public static async Task<string> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        return await OfAsync(file, cancellationToken);
    }

    /// <summary>Hashes a stream from its current position to its end.</summary>
    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
}
