using System.Security.Cryptography;
using System.Text;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>What the product did with an input.</summary>
/// <param name="IsAccepted">Whether it accepted the input.</param>
/// <param name="Reason">Why it refused the input, or null.</param>
/// <param name="Digest">Hash of the whole output: the same input must give the same hash.</param>
/// <param name="Fault">The broken promise, or null.</param>
internal sealed record FuzzVerdict(bool IsAccepted, string? Reason, string Digest, string? Fault = null)
{
    /// <summary>The longest reason, characters.</summary>
    private const int LongestReason = 2_000;

    /// <summary>The product accepted the input. The parts are its output.</summary>
    public static FuzzVerdict Accepted(params ReadOnlySpan<byte[]> parts) => new(IsAccepted: true, Reason: null, DigestOf(parts));

    /// <summary>The product refused the input with a reason.</summary>
    public static FuzzVerdict Refused(string reason) => new(
        IsAccepted: false,
        reason,
        DigestOf(Encoding.UTF8.GetBytes(reason)),
        WhatIsWrongWith(reason));

    /// <summary>The product broke a promise.</summary>
    public static FuzzVerdict Broken(string fault) => new(IsAccepted: false, Reason: null, Digest: fault, fault);

    /// <summary>Checks a text for people: returns what is wrong with it, or null.</summary>
    public static string? WhatIsWrongWith(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return "The reason is empty.";
        if (reason.Length > LongestReason)
            return $"The reason has {reason.Length:N0} characters: {reason[..LongestReason]}";
        return reason.Any(char.IsControl) ? $"The reason has control characters: {reason}" : null;
    }

    private static string DigestOf(params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] part in parts)
            hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
