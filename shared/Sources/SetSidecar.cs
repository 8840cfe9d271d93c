using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>The sidecar of a dropped set (<see cref="SidecarFile"/>): <c>keypoints.json</c> at its root or beside the table, or the file
/// that has the table's name and <see cref="SidecarFile.Ending"/>.</summary>
internal static class SetSidecar
{
    /// <summary>Whether a file of a set is a sidecar.</summary>
    public static bool IsSidecar(string path) =>
        path.EndsWith(SidecarFile.Ending, StringComparison.OrdinalIgnoreCase)
        || FileNames.LastPart(path).Equals(SidecarFile.NameInZip, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc cref="FindAsync(FileSet, IReadOnlyList{SetFile}, CancellationToken)"/>
    public static Task<SidecarFile?> FindAsync(FileSet set, SetFile table, CancellationToken cancellationToken) =>
        FindAsync(set, [table], cancellationToken);

    /// <summary>Returns the sidecar of a set's label files; null if there is none.</summary>
    /// <exception cref="RejectedFileException">There are several, or it is damaged or too large.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<SidecarFile?> FindAsync(FileSet set, IReadOnlyList<SetFile> labels, CancellationToken cancellationToken)
    {
        IReadOnlyList<SetFile> found = List(set, labels);
        if (found.Count == 0)
            return null;
        if (found.Count > 1)
            throw new RejectedFileException($"{set.Name} contains {ShownText.List([.. found.Select(file => file.Path)])}: one of them is expected.");
        return await ReadAsync(set, found[0], cancellationToken);
    }

    /// <summary>Reads a sidecar of a set.</summary>
    /// <exception cref="RejectedFileException">It is damaged or too large.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<SidecarFile> ReadAsync(FileSet set, SetFile file, CancellationToken cancellationToken)
    {
        string name = $"{FileNames.OwnName(file.Path)} in {set.Name}";
        SidecarFile.ThrowIfTooLarge(name, file.Length ?? 0);
        using var content = new MemoryStream();
        byte[] buffer = new byte[SidecarFile.LargestBytes / 16];
        await using Stream stream = await NamedFile.Of(set, file).OpenAsync(cancellationToken);
        while (await stream.ReadAsync(buffer, cancellationToken) is int read and > 0)
        {
            content.Write(buffer.AsSpan(0, read));
            SidecarFile.ThrowIfTooLarge(name, content.Length);
        }

        return new SidecarFile(name, content.ToArray());
    }

    /// <summary>Lists the sidecars of label files.</summary>
    public static IReadOnlyList<SetFile> List(FileSet set, params IReadOnlyList<SetFile> labels)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { SidecarFile.NameInZip };
        foreach (SetFile file in labels)
        {
            names.Add(FileNames.FolderOf(file.Path) + SidecarFile.NameInZip);
            names.Add(file.Path + SidecarFile.Ending);
        }

        return [.. set.Files.Where(file => names.Contains(file.Path))];
    }
}
