namespace KeypointPipeline.Files;

/// <summary>Reads blob and zip entry names, which anyone may have chosen: for messages and to tell formats, never for paths.</summary>
internal static class FileNames
{
    /// <summary>The last part of a name, fit to be shown.</summary>
    public static string OwnName(string name) => ShownText.Of(name[(name.LastIndexOfAny(['/', '\\']) + 1)..]);

    /// <summary>Whether the name ends in <c>.csv</c>.</summary>
    public static bool IsCsv(string name) => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file of a dropped set is one that systems and editors leave behind, or a zip's entry for a folder: a part
    /// that starts with a dot, <c>__MACOSX/</c>, <c>Thumbs.db</c>, <c>desktop.ini</c>.</summary>
    /// <param name="name">The name within the set, with <c>/</c> or <c>\</c> between its parts.</param>
    public static bool IsHidden(string name) =>
        name.EndsWith('/') || name.EndsWith('\\') || name.Split('/', '\\').Any(IsHiddenPart);

    private static bool IsHiddenPart(string part) =>
        (part.StartsWith('.') && part is not ("." or ".."))
        || part.Equals("__MACOSX", StringComparison.OrdinalIgnoreCase)
        || part.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase)
        || part.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase);
}
