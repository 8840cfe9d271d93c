using System.Buffers.Text;
using System.Text;

namespace KeypointPipeline.Api;

/// <summary>The token that continues a list after a page. Durable Functions' management API uses the same header.</summary>
public static class ContinuationToken
{
    /// <summary>Header with the token of the next page in an answer, and of the page that a request asks for.</summary>
    public const string Header = "x-ms-continuation-token";

    /// <summary>Encodes where a page ended. Headers are ASCII, but names of blobs are not.</summary>
    public static string Encode(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    /// <summary>Decodes a token.</summary>
    /// <exception cref="ApiProblemException">400: the token is invalid.</exception>
    public static string Decode(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(Base64Url.DecodeFromChars(token));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            throw Invalid();
        }
    }

    /// <summary>The problem of a token that no answer gave.</summary>
    public static ApiProblemException Invalid() => new(
        400, "Invalid continuation token", $"{Header} must be the value of this header in an earlier answer. Omit it for the first page.");
}
