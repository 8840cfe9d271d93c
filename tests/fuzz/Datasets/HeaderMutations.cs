using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Damage to a table's header and to the encoding of the text.</summary>
internal static class HeaderMutations
{
    private const int MostColumns = 5_000;

    private static readonly string[] Names =
    [
        "", "_x", "_y", " _x", "\u00A0_x", "Image", "image", "PIXELS", "Image_8x8", "Image_0x0", "Image_99999x99999", "Image_-8x8", "Image_2147483648x8", "Image_8x", "Image_1024x1024",
        "Image_" + new string('0', 900) + "8x8", "group", "GROUP", "12.5", "NaN", "point 1_x", "POINT 1_Y", "a_X", "a\0_x", "a\n_x", "\"a\"_x", "\u202Ea_x", "\uFEFFpoint 1_x", "🙂_x",
        new string('k', 150) + "_x", "k" + new string(' ', 2_000) + "_x", new string('z', 3_000), "=cmd|'/c calc'!A1_x", "<script>_x", "../../etc_x",
    ];

    private static readonly byte[][] Marks =
        [[0xEF, 0xBB, 0xBF], [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF], [0xEF, 0xBB], [0x1F, 0x8B], [0x50, 0x4B], [0]];

    private static readonly byte[][] BadText =
        [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0x80], [0xC3], [0xF0, 0x9F], [0xE4], [0]];

    private static readonly Encoding[] Encodings =
        [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("another column name", (file, random) => ByteEdits.Replace(file, CsvPlaces.Field(file, random, CsvPlaces.Header(file)), Encoding.UTF8.GetBytes(random.OneOf(Names)))),
        new("column added", (file, random) => ByteEdits.Insert(file, 0, Encoding.UTF8.GetBytes(random.OneOf(Names) + ","))),
        new("column name emptied", (file, random) => ByteEdits.Replace(file, CsvPlaces.Field(file, random, CsvPlaces.Header(file)), [])),
        new("column name in another case", (file, random) => Change(file, CsvPlaces.Field(file, random, CsvPlaces.Header(file)), text => text.ToUpperInvariant())),
        new("columns in another order", (file, random) => Change(file, CsvPlaces.Header(file), text => Shuffle(text, random))),
        new("header taken out", (file, _) => ByteEdits.Replace(file, CsvPlaces.Header(file), [])),
        new("header of numbers", (file, _) => ByteEdits.Replace(file, CsvPlaces.Header(file), "1,2,3"u8)),
        new("header quoted", (file, _) => Change(file, CsvPlaces.Header(file), text => $"\"{text.TrimEnd('\r').Replace(",", "\",\"", StringComparison.Ordinal)}\"")),
        new("header of very many columns", (file, random) => Change(file, CsvPlaces.Header(file), text => string.Concat(Enumerable.Range(0, random.Next(MostColumns)).Select(i => $"c{i}_x,c{i}_y,")) + text)),
        new("header of very many halves", (file, random) => Change(file, CsvPlaces.Header(file), text => string.Concat(Enumerable.Range(0, random.Next(MostColumns)).Select(i => $"{i}_x,")) + text)),
        new("blank lines before the header", (file, random) => ByteEdits.Insert(file, 0, Encoding.UTF8.GetBytes(new string('\n', random.Next(100))))),
        new("other first bytes", (file, random) => ByteEdits.Insert(file, 0, random.OneOf(Marks))),
        new("text that is no UTF-8", (file, random) => ByteEdits.Insert(file, random.Next(file.Length + 1), random.OneOf(BadText))),
        new("header that is no UTF-8", (file, random) => ByteEdits.Insert(file, random.Next(CsvPlaces.Header(file).End.Value + 1), random.OneOf(BadText))),
        new("another encoding", (file, random) => random.OneOf(Encodings).GetBytes(Encoding.UTF8.GetString(file))),
    ];

    private static byte[] Change(byte[] file, Range part, Func<string, string> change) =>
        ByteEdits.Replace(file, part, Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(file[part]))));

    private static string Shuffle(string header, Random random)
    {
        string[] names = header.Split(',');
        random.Shuffle(names);
        return string.Join(',', names);
    }
}
