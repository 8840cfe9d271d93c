namespace KeypointPipeline.Formats.Pictures;

/// <summary>A picture's path as a label file states it, in parts: a relative or absolute path with slashes in either direction, or an
/// address.</summary>
internal sealed class StatedPath
{
    private const string Up = "..";
    private const string AfterScheme = "://";

    private readonly bool _isRooted;
    private readonly string[] _parts;

    private StatedPath(string[] parts, bool isRooted)
    {
        _parts = parts;
        _isRooted = isRooted;
        int up = Array.LastIndexOf(parts, Up);
        Tail = parts[(up + 1)..];
        Text = string.Join('/', parts);
    }

    /// <summary>The parts after the last <c>..</c>. Empty if the path names no file.</summary>
    public IReadOnlyList<string> Tail { get; }

    /// <summary>The path with <c>/</c> between its parts.</summary>
    public string Text { get; }

    /// <summary>Reads a path. Several readings are possible: addresses and some tools write <c>%20</c> for a blank.</summary>
    public static IEnumerable<StatedPath> Read(string stated)
    {
        string path = stated.Trim();
        bool isAddress = path.Contains(AfterScheme, StringComparison.Ordinal);
        if (isAddress)
        {
            path = path[(path.IndexOf(AfterScheme, StringComparison.Ordinal) + AfterScheme.Length)..];
            int end = path.AsSpan().IndexOfAny('?', '#');
            path = end < 0 ? path : path[..end];
        }

        yield return Split(path, isAddress);
        if (path.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(path) is string unescaped && unescaped != path)
            yield return Split(unescaped, isAddress);
    }

    /// <summary>Lists where the path leads within a set: from the label file's folder, then from the set's root. What leaves the set is left
    /// out.</summary>
    /// <param name="folder">The label file's folder, with <c>/</c> at its end unless it is the root.</param>
    public IEnumerable<string> Resolve(string folder)
    {
        if (!_isRooted && folder.Length > 0 && Follow(folder.Split('/', StringSplitOptions.RemoveEmptyEntries)) is string inFolder)
            yield return inFolder;
        if (Follow([]) is string inRoot)
            yield return inRoot;
    }

    private static StatedPath Split(string path, bool isAddress)
    {
        string slashed = path.Replace('\\', '/');
        string[] parts = [.. slashed.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".")];
        bool hasDrive = parts.Length > 0 && parts[0] is [_, ':', ..];
        return new StatedPath(parts, isAddress || hasDrive || slashed.StartsWith('/'));
    }

    private string? Follow(string[] from)
    {
        var place = new List<string>(from);
        foreach (string part in _parts)
        {
            if (part != Up)
                place.Add(part);
            else if (place.Count > 0)
                place.RemoveAt(place.Count - 1);
            else
                return null;
        }

        return place.Count == 0 ? null : string.Join('/', place);
    }
}
