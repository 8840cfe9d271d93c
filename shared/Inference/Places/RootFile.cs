namespace KeypointPipeline.Inference.Places;

/// <summary>Finds a file that says something about a whole set of pictures.</summary>
internal static class RootFile
{
    /// <summary>Finds a file by name: at the root of the set or, if all files lie in one folder, in that folder.</summary>
    /// <param name="paths">Paths of the set's files, with <c>/</c> between their parts.</param>
    /// <param name="name">The file's name. Upper and lower case make no difference.</param>
    /// <returns>Its path, or null if the set has none.</returns>
    public static string? Find(IEnumerable<string> paths, string name)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string? folder = null;
        string? inFolder = null;
        bool isOneFolder = true;
        foreach (string path in paths)
        {
            if (path.Equals(name, StringComparison.OrdinalIgnoreCase))
                return path;
            string first = path[..(path.IndexOf('/') + 1)];
            isOneFolder &= first.Length > 0 && (folder ?? first) == first;
            folder = first;
            if (isOneFolder && path[first.Length..].Equals(name, StringComparison.OrdinalIgnoreCase))
                inFolder = path;
        }

        return isOneFolder ? inFolder : null;
    }
}
