namespace KeypointPipeline.Models;

/// <summary>Content of <c>models/champion.json</c>: names the version in use.</summary>
/// <param name="Version">The version in use.</param>
/// <param name="PreviousVersion">The version that it replaced; null for the first champion.</param>
/// <param name="Reason">Why it was promoted. A roll-back says so.</param>
/// <param name="PromotedAt">Time of the promotion, UTC.</param>
/// <param name="RolledBack">Versions that a person rolled back from, oldest first. No schedule makes them champion again. Null in
/// pointers of earlier versions.</param>
public sealed record ChampionPointer(
    string Version,
    string? PreviousVersion,
    string Reason,
    DateTimeOffset PromotedAt,
    IReadOnlyList<string>? RolledBack = null)
{
    /// <summary>Gets whether making a version the champion is a roll-back: it is older than the champion, or was champion
    /// before.</summary>
    public bool IsFormer(string version) => IsOlder(version, Version) || version == PreviousVersion || WasRolledBack(version);

    /// <summary>Gets whether a person rolled back from a version.</summary>
    public bool WasRolledBack(string version) => RolledBackVersions().Contains(version, StringComparer.Ordinal);

    /// <summary>Computes the pointer after a person chose another version.</summary>
    internal ChampionPointer ByHand(string version, string reason, DateTimeOffset now)
    {
        bool isBack = IsOlder(version, Version);
        IEnumerable<string> rolledBack = isBack ? RolledBackVersions().Append(Version) : RolledBackVersions();
        return new ChampionPointer(
            version,
            Version,
            isBack ? $"rolled back from {Version} ({reason})" : reason,
            now,
            [.. rolledBack.Where(other => other != version).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Computes the pointer after a rule chose another version.</summary>
    internal ChampionPointer ByRule(string version, string reason, DateTimeOffset now) =>
        new(version, Version, reason, now, [.. RolledBackVersions().Where(other => other != version)]);

    /// <summary>Versions sort by time of training.</summary>
    private static bool IsOlder(string version, string other) => string.CompareOrdinal(version, other) < 0;

    /// <summary>Earlier versions of the pipeline recorded no roll-backs, but only a person made an older version the champion.</summary>
    private IReadOnlyList<string> RolledBackVersions() =>
        RolledBack ?? (PreviousVersion is string previous && IsOlder(Version, previous) ? [previous] : []);
}
