namespace KeypointPipeline.Files;

/// <summary>Reads the names of dropped files and of files in a zip. The names are untrusted: they determine formats
/// and appear in messages, but never become paths.</summary>
public static class FileNames
{
    /// <summary>Ending of a table. Its content shows which separator it has.</summary>
    public const string Csv = ".csv";

    /// <summary>The other ending of a table, usual for one with tabs between its columns.</summary>
    public const string Tsv = ".tsv";

    /// <summary>What a compressed table's name ends in, after its own ending.</summary>
    public const string Gzip = ".gz";

    /// <summary>Ending of a text file. Some tools write tables with it.</summary>
    public const string Text = ".txt";

    /// <summary>Ending of a zip archive.</summary>
    public const string Zip = ".zip";

    /// <summary>Ending of one array as NumPy writes it.</summary>
    internal const string Array = ".npy";

    /// <summary>Ending of a zip of arrays as NumPy writes it.</summary>
    private const string Arrays = ".npz";

    /// <summary>The endings of tables, also compressed ones.</summary>
    public static IReadOnlyList<string> TableEndings { get; } = [Csv, Tsv, Csv + Gzip, Tsv + Gzip];

    /// <summary>The endings of datasets, for messages and help.</summary>
    public const string DatasetEndings = $"{Csv}, {Tsv}, {Csv}{Gzip}, {Tsv}{Gzip} or {Zip}";

    /// <summary>Whether a dataset can have this name: it ends in one of <see cref="DatasetEndings"/>.</summary>
    public static bool IsDataset(string name) => IsTable(name) || IsGzippedTable(name) || IsZip(name);

    /// <summary>Whether the name ends in <see cref="Csv"/> or <see cref="Tsv"/>.</summary>
    public static bool IsTable(string name) => Ends(name, Csv) || Ends(name, Tsv);

    /// <summary>Whether the name is that of a table compressed with gzip.</summary>
    public static bool IsGzippedTable(string name) => Ends(name, Gzip) && IsTable(name[..^Gzip.Length]);

    /// <summary>Whether the name is that of NumPy's files of arrays: <c>.npy</c> or <c>.npz</c>.</summary>
    public static bool IsArray(string name) => IsSingleArray(name) || Ends(name, Arrays);

    /// <summary>Whether the name ends in <c>.npy</c>.</summary>
    internal static bool IsSingleArray(string name) => Ends(name, Array);

    /// <summary>Whether the name ends in <see cref="Zip"/>.</summary>
    public static bool IsZip(string name) => Ends(name, Zip);

    /// <summary>Whether a file in a zip is a table that is not hidden.</summary>
    /// <param name="name">The name within the zip.</param>
    public static bool IsTableInZip(string name) => IsTable(name) && !IsHidden(name);

    /// <summary>Whether the name is that of a hidden file, or of a folder in a zip. Systems and editors leave hidden files behind:
    /// a part of their name starts with a dot, or is <c>__MACOSX</c>, <c>Thumbs.db</c> or <c>desktop.ini</c>.</summary>
    /// <param name="name">The name within the dropped set, with <c>/</c> or <c>\</c> between its parts. The set's own name does not
    /// count: it may start with a dot.</param>
    public static bool IsHidden(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith('/') || name.EndsWith('\\') || name.Split('/', '\\').Any(IsHiddenPart);
    }

    /// <summary>Returns the last part of a path in a set, as it is.</summary>
    /// <param name="path">The path, with <c>/</c> between its parts.</param>
    internal static string LastPart(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Returns a path in a set up to and with its last <c>/</c>. Empty for a file at the root.</summary>
    /// <param name="path">The path, with <c>/</c> between its parts.</param>
    internal static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];

    /// <summary>Returns the last part of a name, made safe for messages.</summary>
    internal static string OwnName(string name) => ShownText.Of(name[(name.LastIndexOfAny(['/', '\\']) + 1)..]);

    private static bool Ends(string name, string ending)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsHiddenPart(string part) =>
        (part.StartsWith('.') && part is not ("." or ".."))
        || part.Equals("__MACOSX", StringComparison.OrdinalIgnoreCase)
        || part.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase)
        || part.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase);
}
