namespace KeypointPipeline.Structure.Tests;

/// <summary>Finds circles between sibling namespaces. A namespace and those below it may refer to each other.</summary>
internal static class FolderCircles
{
    /// <summary>Finds a circle below each namespace that has one.</summary>
    /// <param name="root">The namespace to start from; references to or from others do not count.</param>
    /// <param name="references">Which namespace refers to which, and by what.</param>
    /// <returns>One line a circle: its folders, and one reference for each step of it.</returns>
    public static IReadOnlyList<string> Find(string root, IEnumerable<FolderReference> references)
    {
        var bySibling = new SortedDictionary<string, SortedDictionary<string, SortedDictionary<string, string>>>(StringComparer.Ordinal);
        foreach (FolderReference reference in references)
        {
            if (Part(root, reference) is not { } edge)
                continue;
            Add(Add(bySibling, edge.Parent), edge.From).TryAdd(edge.To, reference.By);
        }

        return [.. bySibling.Select(level => Circle(level.Value) is { } circle ? Describe(level.Key, circle, level.Value) : null).OfType<string>()];
    }

    /// <summary>Where two namespaces part ways: their common parent and the child of it that each lies in.</summary>
    private static (string Parent, string From, string To)? Part(string root, FolderReference reference)
    {
        string[] from = Below(root, reference.From);
        string[] to = Below(root, reference.To);
        int common = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
        return common < from.Length && common < to.Length
            ? (string.Join('.', [root, .. from[..common]]), from[common], to[common])
            : null;
    }

    private static string[] Below(string root, string name) =>
        name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.') : [];

    private static TValue Add<TValue>(SortedDictionary<string, TValue> values, string key)
        where TValue : class, new()
    {
        if (!values.TryGetValue(key, out TValue? value))
            values.Add(key, value = new TValue());
        return value;
    }

    /// <summary>The first circle of a depth-first search.</summary>
    private static List<string>? Circle(SortedDictionary<string, SortedDictionary<string, string>> edges)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        return edges.Keys.Select(Visit).FirstOrDefault(circle => circle is not null);

        List<string>? Visit(string folder)
        {
            int start = path.IndexOf(folder);
            if (start >= 0)
                return path[start..];
            if (!done.Add(folder) || !edges.TryGetValue(folder, out var targets))
                return null;
            path.Add(folder);
            List<string>? circle = targets.Keys.Select(Visit).FirstOrDefault(found => found is not null);
            path.RemoveAt(path.Count - 1);
            return circle;
        }
    }

    private static string Describe(
        string parent, List<string> circle, SortedDictionary<string, SortedDictionary<string, string>> edges)
    {
        IEnumerable<string> steps = circle.Zip([.. circle.Skip(1), circle[0]], (from, to) => $"{from} uses {to}: {edges[from][to]}");
        return $"{parent}: {string.Join(" -> ", circle)} -> {circle[0]} ({string.Join("; ", steps)})";
    }
}

/// <summary>A reference from one namespace to another.</summary>
/// <param name="From">The namespace that refers.</param>
/// <param name="To">The namespace that it refers to.</param>
/// <param name="By">What refers to what, for the message.</param>
internal sealed record FolderReference(string From, string To, string By);
