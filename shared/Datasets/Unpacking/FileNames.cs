namespace KeypointPipeline.Datasets.Unpacking;

/// <summary>Reads blob and zip entry names, which anyone may have chosen: for messages and to tell formats, never for paths.</summary>
internal static class FileNames
{
    /// <summary>The last part of a name, fit to be shown.</summary>
    public static string OwnName(string name) => ShownText.Of(name[(name.LastIndexOfAny(['/', '\\']) + 1)..]);

    /// <summary>Whether the name ends in <c>.csv</c>.</summary>
    public static bool IsCsv(string name) => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a zip's entry is a folder, or something that macOS or an editor put there: <c>__MACOSX/</c> or a part
    /// that starts with a dot.</summary>
    public static bool IsHidden(string name) =>
        name.EndsWith('/') || name.EndsWith('\\') || name.Split('/', '\\').Any(IsHiddenPart);

    private static bool IsHiddenPart(string part) =>
        part.Equals("__MACOSX", StringComparison.OrdinalIgnoreCase) || (part.StartsWith('.') && part is not ("." or ".."));
}
