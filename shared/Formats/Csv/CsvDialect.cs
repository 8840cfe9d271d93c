namespace KeypointPipeline.Formats.Csv;

/// <summary>How a table is written as text.</summary>
/// <param name="Separator">The byte between two fields.</param>
/// <param name="LineEnd">The byte that ends a line: LF, or CR where a file has no LF. A CR before the LF belongs to the line end.</param>
/// <param name="IsStated">Whether the first line is <c>sep=</c> with the separator, as spreadsheets write and read it. It is not the header.</param>
internal readonly record struct CsvDialect(byte Separator, byte LineEnd, bool IsStated)
{
    /// <summary>The plain way: commas, and lines that end with LF or CRLF.</summary>
    public static CsvDialect Plain { get; } = new((byte)',', (byte)'\n', IsStated: false);

    /// <summary>Possible separators. Of several that fit equally well, the first counts.</summary>
    public static ReadOnlySpan<byte> Separators => ",;\t|"u8;

    /// <summary>The separator in words, for messages: one of it.</summary>
    public string SeparatorName => (char)Separator switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "vertical bar",
        ' ' => "space",
        char other => $"'{other}'",
    };

    /// <summary>The separator in words, for messages: several of it.</summary>
    public string Plural => (char)Separator is ',' or ';' or '\t' or '|' or ' ' ? $"{SeparatorName}s" : SeparatorName;

    /// <summary>Returns whether a line has no content: nothing but separators, blanks and quotes. Spreadsheets write such lines for rows
    /// that were cleared.</summary>
    public bool IsBlank(ReadOnlySpan<byte> line) =>
        line.IsEmpty || ((line[0] == Separator || line[0] is (byte)' ' or (byte)'\t' or (byte)'"')
            && line.IndexOfAnyExcept([Separator, (byte)' ', (byte)'\t', (byte)'"']) < 0);

    /// <summary>Describes what differs from <see cref="Plain"/>, one sentence each.</summary>
    public IEnumerable<string> Describe()
    {
        if (Separator != Plain.Separator)
            yield return $"Columns are separated by {Plural}{(IsStated ? ", as the first line says" : "")}.";
        if (LineEnd != Plain.LineEnd)
            yield return "Lines end with CR alone.";
    }
}
