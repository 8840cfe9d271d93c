using System.Security.Cryptography;
using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Api;

/// <summary>The JSON of a successful answer to <c>GET</c>. Its ETag lets a client that polls get 304 while nothing changes.</summary>
/// <param name="Content">The JSON in UTF-8.</param>
/// <param name="ETag">A strong ETag, in quotes: the hash of <paramref name="Content"/>.</param>
public sealed record JsonBody(byte[] Content, string ETag)
{
    private const int HashCharacters = 32;

    /// <summary>Serializes an answer that may be polled. Returns null for other answers.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="answer">The answer. It has no <see cref="ApiFile"/>.</param>
    public static JsonBody? Find(string method, ApiAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Status != 200 || !method.Equals("GET", StringComparison.OrdinalIgnoreCase))
            return null;
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(answer.Body, answer.Body.GetType(), PipelineJson.Compact);
        return new JsonBody(content, ETagOf(content));
    }

    /// <summary>Returns the strong ETag of an answer's content, in quotes: the same content has the same one.</summary>
    internal static string ETagOf(ReadOnlySpan<byte> content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..HashCharacters]}\"";
}
