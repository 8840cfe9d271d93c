using System.Security.Cryptography;
using System.Text;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>What the product did with an input.</summary>
/// <param name="IsAccepted">Whether it took it.</param>
/// <param name="Reason">Why it was refused, or null.</param>
/// <param name="Digest">Of everything that came out: the same input must give the same.</param>
/// <param name="Fault">The promise that was broken, or null.</param>
internal sealed record FuzzVerdict(bool IsAccepted, string? Reason, string Digest, string? Fault = null)
{
    /// <summary>The longest reason that people can be expected to read.</summary>
    private const int LongestReason = 2_000;

    /// <summary>It was taken; the parts are what came out.</summary>
    public static FuzzVerdict Accepted(params ReadOnlySpan<byte[]> parts) => new(IsAccepted: true, Reason: null, DigestOf(parts));

    /// <summary>It was refused with a reason.</summary>
    public static FuzzVerdict Refused(string reason) => new(
        IsAccepted: false,
        reason,
        DigestOf(Encoding.UTF8.GetBytes(reason)),
        WhatIsWrongWith(reason));

    /// <summary>A promise was broken.</summary>
    public static FuzzVerdict Broken(string fault) => new(IsAccepted: false, Reason: null, Digest: fault, fault);

    /// <summary>Whether a reason is one: null, or what is wrong with it.</summary>
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
