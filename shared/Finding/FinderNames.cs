namespace KeypointPipeline.Finding;

/// <summary>The names of finders in options, settings and requests: as in JSON.</summary>
public static class FinderNames
{
    private static readonly Dictionary<string, FinderKind> Known =
        Enum.GetValues<FinderKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant(), StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, for messages and help: <c>whole, boxes or faces</c>.</summary>
    public static string All { get; } = $"{string.Join(", ", Known.Keys.SkipLast(1))} or {Known.Keys.Last()}";

    /// <summary>Returns a finder's name.</summary>
    public static string Of(FinderKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Returns the finder of a name. Upper and lower case make no difference.</summary>
    /// <returns>Null if there is none of that name.</returns>
    public static FinderKind? Parse(string? name) => name is not null && Known.TryGetValue(name, out FinderKind kind) ? kind : null;
}
