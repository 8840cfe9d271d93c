using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>A way in which programs write tables.</summary>
/// <param name="Separator">Between the fields.</param>
/// <param name="Quotes">Which fields are in quotes.</param>
/// <param name="DecimalComma">Whether numbers have decimal commas.</param>
/// <param name="Encoding">Name of the encoding, with <c>+</c> for a byte order mark.</param>
/// <param name="LineEnd">What ends a line.</param>
/// <param name="Names">The rows' names.</param>
/// <param name="Trailing">Which lines end with a separator.</param>
/// <param name="StatesSeparator">Whether the first line is <c>sep=</c>.</param>
/// <param name="ImageFirst">Whether the image is the first column, and the group the last.</param>
/// <param name="Seed">Decides where blank rows stand and how missing labels are written.</param>
public sealed record TableStyle(
    char Separator, QuoteStyle Quotes, bool DecimalComma, string Encoding, string LineEnd, RowNameStyle Names, TrailingStyle Trailing, bool StatesSeparator, bool ImageFirst, int Seed)
{
    private static readonly string[] Missing = ["", "", "NaN", "NA", "N/A", "#N/A", "null", "None", "nan", "NULL"];

    public static Arbitrary<TableStyle> Arbitrary { get; } = Arb.From(
        from separator in Gen.Elements(',', ';', '\t', '|', ' ')
        from quotes in Gen.Elements(Enum.GetValues<QuoteStyle>())
        from comma in Gen.Elements(true, false)
        from encoding in Gen.Elements("utf-8", "utf-8+", "utf-16", "utf-16+", "utf-16BE", "utf-16BE+", "utf-32+", "windows-1252")
        from lineEnd in Gen.Elements("\n", "\r\n", "\r", "\r\r\n")
        from names in Gen.Elements(Enum.GetValues<RowNameStyle>())
        from trailing in Gen.Elements(Enum.GetValues<TrailingStyle>())
        from states in Gen.Elements(true, false)
        from imageFirst in Gen.Elements(true, false)
        from seed in Gen.Choose(0, int.MaxValue)
        select new TableStyle(separator, quotes, comma, encoding, lineEnd, names, trailing, states, imageFirst, seed));

    /// <summary>Writes a table. A column with a fraction in each row, which is ignored, shows the decimal sign.</summary>
    public byte[] Write(GeneratedTable table)
    {
        var choice = new Random(Seed);
        var text = new StringBuilder(StatesSeparator ? $"sep={Separator}{LineEnd}" : "");
        // A name that one separator can be seen in is not enough for spaces, and quotes say which numbers name rows.
        RowNameStyle names = Names == RowNameStyle.WithoutHeader && (table.Rows.Count < 5 || Separator == ' ' || Trailing != TrailingStyle.None)
            ? RowNameStyle.EmptyHeader : Names;
        TrailingStyle trailing = Separator == ' ' ? TrailingStyle.None : Trailing;

        string[] header = [.. table.Names.SelectMany(name => new[] { name + "_x", name + "_y" })];
        AppendLine(names == RowNameStyle.EmptyHeader ? "" : null, Arrange(header, "größe", "group", "Image"), trailing is TrailingStyle.Header or TrailingStyle.Both);
        for (int row = 0; row < table.Rows.Count; row++)
        {
            AppendBlankRows();
            GeneratedRow values = table.Rows[row];
            string[] coordinates = [.. values.Coordinates.Select(c => c is null ? Missing[choice.Next(Missing.Length)] : Number(c.Value))];
            string[] fields = Arrange(coordinates, Number(row + 0.25f), GroupOf(values), string.Join(' ', values.Image));
            AppendLine(names == RowNameStyle.None ? null : $"{row + 1}", fields, trailing is TrailingStyle.Rows or TrailingStyle.Both);
        }

        AppendBlankRows();
        return Encode(text.ToString());

        void AppendLine(string? name, string[] fields, bool hasTrailing)
        {
            text.AppendJoin(Separator, [.. name is null ? [] : (string[])[Quote(name, isText: true)], .. fields.Select(field => Quote(field, field.Contains('_')))]);
            text.Append(hasTrailing ? Separator : "").Append(LineEnd);
        }

        void AppendBlankRows()
        {
            for (int i = choice.Next(6) - 4; i > 0; i--)
                text.Append(choice.Next(3) == 0 ? "" : new string(Separator, choice.Next(1, 12))).Append(LineEnd);
        }
    }

    /// <summary>What the group of a row is when it is written in this style: a table whose lines end with CR cannot hold an LF.</summary>
    public string GroupOf(GeneratedRow row) => LineEnd == "\r" ? row.Group.Replace('\n', '/') : row.Group;

    private string[] Arrange(string[] coordinates, string fraction, string group, string image) =>
        ImageFirst ? [image, .. coordinates, fraction, group] : [.. coordinates, fraction, group, image];

    private string Number(float value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return DecimalComma ? text.Replace('.', ',') : text;
    }

    private string Quote(string field, bool isText)
    {
        bool isQuoted = Quotes == QuoteStyle.All || (Quotes == QuoteStyle.Texts && (isText || field.Any(char.IsLetter)))
            || field.AsSpan().IndexOfAny([Separator, '"', '\r', '\n']) >= 0;
        return isQuoted ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
    }

    private byte[] Encode(string text)
    {
        Encoding encoding = Encoding == "windows-1252"
            ? CodePagesEncodingProvider.Instance.GetEncoding(1252)!
            : System.Text.Encoding.GetEncoding(Encoding.TrimEnd('+'));
        return [.. Encoding.EndsWith('+') ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
    }
}

/// <summary>Which fields are in quotes: those that need it, texts too, or all.</summary>
public enum QuoteStyle
{
    Needed,
    Texts,
    All,
}

/// <summary>Names of rows: none; a column without a name, as of <c>write.csv</c> and pandas; or a field that the header lacks, as of <c>write.table</c>.</summary>
public enum RowNameStyle
{
    None,
    EmptyHeader,
    WithoutHeader,
}

/// <summary>Which lines end with a separator.</summary>
public enum TrailingStyle
{
    None,
    Rows,
    Header,
    Both,
}
