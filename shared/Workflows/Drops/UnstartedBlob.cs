using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Tells the person who dropped a blob that its workflow was not started. It is stored in <see cref="BlobLayout.Rejected"/> as
/// <see cref="RecordOf"/> says, and listed by <c>GET /api/datasets</c>.</summary>
/// <param name="Blob">The blob's container and name.</param>
/// <param name="ETag">ETag of its content at that time; null if it could not be asked for.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
/// <param name="Reason">What happened and what to do next.</param>
public sealed record UnstartedBlob(string Blob, string? ETag, DateTimeOffset RecordedAt, string Reason)
{
    /// <summary>Appended to the blob's path in <c>rejected/</c>.</summary>
    public const string NameEnding = ".unstarted.json";

    /// <summary>Longer paths are cut, so that the record's name stays below the limit of blob names.</summary>
    private const int LongestPath = 900;

    /// <summary>The name of the record of a blob: <c>{container}/{name}.unstarted.json</c>. The blob's own name may not be a valid one. Then
    /// the characters that are not allowed are percent-encoded, as in <c>datasets/a%5Cb.csv.unstarted.json</c>, and a path that is too long is
    /// cut and gets a hash.</summary>
    public static string RecordOf(string container, string name)
    {
        string path = $"{container}/{name}";
        if (BlobName.FindProblem(path + NameEnding) is null)
            return path + NameEnding;
        string encoded = string.Join('/', path.Split('/').Select(Encode));
        if (encoded.Length > LongestPath)
        {
            int cut = char.IsHighSurrogate(encoded[LongestPath - 1]) ? LongestPath - 1 : LongestPath;
            encoded = $"{encoded[..cut]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12]}";
        }

        return encoded + NameEnding;
    }

    private static string Encode(string part)
    {
        if (part is "." or "..")
            return part.Replace(".", "%2E", StringComparison.Ordinal);
        var encoded = new StringBuilder();
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in part.EnumerateRunes())
        {
            bool isAllowed = rune.Value is not ('\\' or '%' or 0xFFFD or 0xFFFE or 0xFFFF) && !Rune.IsControl(rune);
            if (isAllowed)
            {
                encoded.Append(rune);
                continue;
            }

            foreach (byte value in utf8[..rune.EncodeToUtf8(utf8)])
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }
}
