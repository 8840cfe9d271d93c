using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>How a program writes a table: spreadsheets in other countries, R, pandas.</summary>
/// <param name="Separator">Between two fields.</param>
/// <param name="HasDecimalCommas">Whether numbers have decimal commas.</param>
/// <param name="Quotes">One field in so many is in quotes without need; 0 for none.</param>
/// <param name="Encoding">The encoding of the text.</param>
/// <param name="HasMark">Whether the text starts with a byte order mark.</param>
/// <param name="LineEnd">The end of a line.</param>
/// <param name="Names">How rows are named.</param>
/// <param name="HasExtras">Whether there are blank rows, separators at the ends of lines, and a line that states the separator.</param>
internal sealed record SeedStyle(
    char Separator, bool HasDecimalCommas, int Quotes, Encoding Encoding, bool HasMark, string LineEnd, SeedNames Names, bool HasExtras)
{
    /// <summary>What programs write for a label that is missing.</summary>
    public static readonly string[] Missing = ["", "NA", "N/A", "#N/A", "null", "None", "nan", "<NA>", "#NV"];

    private static readonly Encoding[] Encodings =
    [
        Encoding.UTF8, Encoding.UTF8, Encoding.UTF8, Encoding.Unicode, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
    ];

    /// <summary>Whether fields are separated by commas and nothing else is special.</summary>
    public bool IsPlain => Separator == ',' && !HasDecimalCommas && Names == SeedNames.None && !HasExtras;

    /// <summary>Draws the usual style: UTF-8 with commas.</summary>
    public static SeedStyle DrawPlain(Random random) => new(
        ',', HasDecimalCommas: false, random.Next(6) == 0 ? 3 : 0, Encoding.UTF8, random.Next(8) == 0, random.Next(4) == 0 ? "\r\n" : "\n", SeedNames.None, HasExtras: false);

    /// <summary>Draws any style.</summary>
    public static SeedStyle Draw(Random random) => new(
        random.OneOf<char>([',', ';', ';', '\t', '\t', '|', ' ']),
        random.Next(2) == 0,
        random.Next(4),
        random.OneOf(Encodings),
        random.Next(2) == 0,
        random.OneOf<string>(["\n", "\n", "\r\n", "\r\n", "\r"]),
        random.OneOf<SeedNames>([SeedNames.None, SeedNames.None, SeedNames.Column, SeedNames.WithoutHeader]),
        random.Next(3) == 0);

    /// <summary>Writes a table.</summary>
    /// <param name="lines">The header's fields, then each row's.</param>
    /// <param name="random">Decides about quotes, blank rows and the last line's end.</param>
    public byte[] Write(IReadOnlyList<string[]> lines, Random random)
    {
        string spare = HasExtras && random.Next(2) == 0 ? new string(Separator, random.Next(1, 3)) : "";
        var text = new StringBuilder(HasExtras && random.Next(2) == 0 ? $"sep={Separator}{LineEnd}" : "");
        for (int i = 0; i < lines.Count; i++)
        {
            string[] name = Names == SeedNames.None || (i == 0 && Names == SeedNames.WithoutHeader) ? [] : [i == 0 ? "\"\"" : $"\"{i}\""];
            text.AppendJoin(Separator, [.. name, .. lines[i].Select(field => Quote(field, random))]);
            text.Append(i > 0 ? spare : "").Append(i < lines.Count - 1 || random.Next(4) > 0 ? LineEnd : "");
            if (HasExtras && random.Next(3) == 0)
                text.Append(Separator, random.Next(8)).Append(LineEnd);
        }

        return [.. HasMark ? Encoding.GetPreamble() : [], .. Encoding.GetBytes(text.ToString())];
    }

    private string Quote(string field, Random random) =>
        (Quotes > 0 && random.Next(Quotes) == 0) || field.AsSpan().IndexOfAny([Separator, '"', '\r', '\n']) >= 0
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;
}

/// <summary>Names of rows.</summary>
internal enum SeedNames
{
    /// <summary>Rows have no names.</summary>
    None,

    /// <summary>They stand in a column whose name is empty.</summary>
    Column,

    /// <summary>They stand in front, and the header has no field for them.</summary>
    WithoutHeader,
}
