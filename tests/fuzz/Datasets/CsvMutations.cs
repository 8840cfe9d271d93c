using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Damage to a table's rows, as people and programs cause it.</summary>
internal static class CsvMutations
{
    private const int MostRepetitions = 300;

    private static readonly string[] Numbers =
    [
        "1e999", "-1e999", "-0", "NaN", "-nan", "inf", "-Infinity", "∞", "\"1,5\"", "1,5", "0x1F", "１２", "١٢", "1e", "e5", "+", "-", ".", "1_000", "1 000",
        "1e-400", "3.4028236e38", "99999999999999999999", "=1+1", "null", "NA", "N/A", "None", "#NV", "#REF!", "1,012", "1.012", "1.234,5", "1,234.5", "\"1,012\"", ",5", "1,", "1,2,3", "TRUE", "\t1", " 2 ", "1\0", "1.5.2", "--1", "+1", "1f", "½", "1\u00A0",
        new string('9', 400), "0." + new string('3', 500), "1" + new string(' ', 300), "\"\"", "''", "1\r", "\u202E1", "8.79", "-1.3", "7.5", "-0.5000001",
    ];

    private static readonly string[] Pixels =
    [
        "256", "-1", "1.5", "0001", "000", "1e2", "", "x", " ", "  ", "\t", "\u00A0", "1\n", "\r", "99999999999999999999999", "+5", "12,", "0x10", "\0", "é", "2555", "255 ", " 255 255 255", "１",
    ];

    private static readonly string[] Statements =
        ["sep=,\n", "sep=;\r\n", "\"sep=\t\"\n", "SEP=|\n", "sep=\n", "sep==\n", "sep=1\n", "sep=;,,,\n", "sep=\"\n", "sep=\n\n", "sep=; \n", "\uFEFFsep=;\n", "sep=,", "sep=é\n"];

    private static readonly byte[][] LineEnds =
        [.. new[] { "\r\n", "\r", "\n\r", "\n\n", "\r\r\n", " \n", ",\n", "\u2028", "\u0085", "\v", "\0", "\n\n\n\n\n\n" }.Select(Encoding.UTF8.GetBytes)];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("awkward coordinate", (file, random) => Put(file, CsvPlaces.Field(file, random), random.OneOf(Numbers))),
        new("awkward pixel", (file, random) => Put(file, CsvPlaces.Word(file, random), random.OneOf(Pixels))),
        new("field emptied", (file, random) => ByteEdits.Replace(file, CsvPlaces.Field(file, random), [])),
        new("field quoted", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "\"", "\"")),
        new("quote opened", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "\"", "")),
        new("quote at a field's end", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "", "\"")),
        new("text behind a quote", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "\"", "\"x")),
        new("quotes doubled", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "\"\"", "\"\"")),
        new("quote anywhere", (file, random) => ByteEdits.Insert(file, random.Next(file.Length + 1), "\""u8)),
        new("line end in quotes", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "\"\n", "\"")),
        new("more lines in quotes than a row may have", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "\"" + new string('\n', random.Next(28, 40)), "\"")),
        new("quote opened in every row", (file, _) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(file).Replace("\n", "\na\",\"b", StringComparison.Ordinal))),
        new("field added", (file, random) => Wrap(file, CsvPlaces.Field(file, random), "7,", "")),
        new("comma taken out", (file, random) => OnePlace(file, random, ","u8, [])),
        new("comma anywhere", (file, random) => ByteEdits.Insert(file, random.Next(file.Length + 1), ","u8)),
        new("other delimiter", (file, random) => Everywhere(file, ","u8, random.OneOf([";"u8.ToArray(), "\t"u8.ToArray(), "|"u8.ToArray(), ", "u8.ToArray()]))),
        new("other delimiter in one place", (file, random) => OnePlace(file, random, ","u8, random.OneOf([";"u8.ToArray(), "\t"u8.ToArray(), "|"u8.ToArray()]))),
        new("separator stated", (file, random) => [.. Encoding.UTF8.GetBytes(random.OneOf(Statements)), .. file]),
        new("delimiter at each line's end", (file, _) => Everywhere(file, "\n"u8, [CsvPlaces.Separator(file[CsvPlaces.Header(file)]), (byte)'\n'])),
        new("cell that a spreadsheet cut", (file, random) => Put(file, CsvPlaces.Field(file, random), string.Concat(Enumerable.Repeat("123 ", 9_000))[..32_767])),
        new("rows named", (file, random) => NameRows(file, random.OneOf<string>(["", "\"", "r"]))),
        new("other line end", (file, random) => OnePlace(file, random, "\n"u8, random.OneOf(LineEnds))),
        new("other line ends", (file, random) => Everywhere(file, "\n"u8, random.OneOf(LineEnds))),
        new("row twice", (file, random) => Repeat(file, random, 2)),
        new("row many times", (file, random) => Repeat(file, random, random.Next(MostRepetitions))),
        new("row taken out", (file, random) => ByteEdits.Replace(file, CsvPlaces.Line(file, random), [])),
        new("row of commas", (file, random) => InsertLine(file, random, new string(',', random.Next(40)))),
        new("row of very many fields", (file, random) => InsertLine(file, random, new string(',', random.Next(20_000)))),
        new("row of one word", (file, random) => InsertLine(file, random, "end of file")),
        new("row of very many pixels", (file, random) => InsertLine(file, random, "1,2," + string.Concat(Enumerable.Repeat("17 ", random.Next(20_000))))),
        new("header again", (file, random) => ByteEdits.Replace(file, CsvPlaces.Line(file, random), [.. file[CsvPlaces.Header(file)], (byte)'\n'])),
        new("blank lines", (file, random) => InsertLine(file, random, new string('\n', random.Next(2_000)))),
        new("lines in another order", Shuffle),
    ];

    private static byte[] Put(byte[] file, Range part, string text) => ByteEdits.Replace(file, part, Encoding.UTF8.GetBytes(text));

    private static byte[] Wrap(byte[] file, Range part, string before, string behind) =>
        ByteEdits.Replace(file, part, [.. Encoding.UTF8.GetBytes(before), .. file[part], .. Encoding.UTF8.GetBytes(behind)]);

    private static byte[] InsertLine(byte[] file, Random random, string line) => Wrap(file, CsvPlaces.Line(file, random), $"{line}\n", "");

    private static byte[] OnePlace(byte[] file, Random random, ReadOnlySpan<byte> what, ReadOnlySpan<byte> by)
    {
        List<int> places = ByteEdits.Find(file, what);
        if (places.Count == 0)
            return file;
        int at = random.OneOf(places);
        return ByteEdits.Replace(file, at..(at + what.Length), by);
    }

    private static byte[] Everywhere(byte[] file, ReadOnlySpan<byte> what, byte[] by)
    {
        var changed = new List<byte>(file.Length);
        int next = 0;
        foreach (int at in ByteEdits.Find(file, what))
        {
            changed.AddRange(file.AsSpan(next, at - next));
            changed.AddRange(by);
            next = at + what.Length;
        }

        changed.AddRange(file.AsSpan(next));
        return [.. changed];
    }

    private static byte[] Repeat(byte[] file, Random random, int times)
    {
        Range line = CsvPlaces.Line(file, random);
        byte[] row = file[line];
        return ByteEdits.Replace(file, line, ByteEdits.Repeat(row, times));
    }

    private static byte[] NameRows(byte[] file, string quote)
    {
        string[] lines = Encoding.Latin1.GetString(file).Split('\n');
        char separator = (char)CsvPlaces.Separator(file[CsvPlaces.Header(file)]);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines.Select((line, i) => i == 0 || line.Length == 0 ? line : $"{quote}{i}{quote.Replace("r", "", StringComparison.Ordinal)}{separator}{line}")));
    }

    private static byte[] Shuffle(byte[] file, Random random)
    {
        string[] lines = Encoding.Latin1.GetString(file).Split('\n');
        random.Shuffle(lines);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
