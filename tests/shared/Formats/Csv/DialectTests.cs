using System.Text;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Csv;

public sealed class DialectTests
{
    private static readonly string Plain = Table(',', "");

    public static TheoryData<string, string[]> Texts => new()
    {
        { Table(';', ""), ["Columns are separated by semicolons."] },
        { Table('\t', ""), ["Columns are separated by tabs."] },
        { Table('|', ""), ["Columns are separated by vertical bars."] },
        { "sep=;\r\n" + Table(';', ""), ["Columns are separated by semicolons, as the first line says."] },
        { "\"sep=\t\"\n" + Table('\t', ""), ["Columns are separated by tabs, as the first line says."] },
        { "SEP=;;;;;\n" + Table(';', ""), ["Columns are separated by semicolons, as the first line says."] },
        { "sep=:\n" + Table(':', ""), ["Columns are separated by ':', as the first line says."] },
        { "sep=,\n" + Plain, [] },
        { "sep=;\n" + Plain, [] },
        { Plain.Replace('\n', '\r'), ["Lines end with CR alone."] },
        { Plain.Replace("\n", "\r\r\n", StringComparison.Ordinal), [] },
        { ",,,,\n , \n" + Plain, [] },
        { "\uFEFF\uFEFF" + Plain, [] },
        { "\uFEFF" + Plain.Replace("nose_x", "\"nose_x\"", StringComparison.Ordinal), [] },
        { Table(';', "").Replace("note", "a, b, c, d", StringComparison.Ordinal), ["Columns are separated by semicolons."] },
        { Table('\t', "").Replace("note", "a;b;c;d;e;f", StringComparison.Ordinal), ["Columns are separated by tabs."] },
        { Table(';', "\"").Replace("note", "a;b,c", StringComparison.Ordinal), ["Columns are separated by semicolons."] },
        { Plain.Replace("note", "a;b|c\td", StringComparison.Ordinal), [] },
        { Table(' ', "\"").Replace("note", "a b", StringComparison.Ordinal), ["Columns are separated by spaces."] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_separator_and_the_line_ends_are_found_and_reported(string text, string[] guessed)
    {
        using PreparedForTest plain = await PreparedForTest.FromAsync(Plain);
        using PreparedForTest other = await PreparedForTest.FromAsync(text);

        Assert.Null(other.Report.Rejection);
        Assert.Equal(plain.Report.DatasetId, other.Report.DatasetId);
        Assert.Equal(guessed, other.Report.Guessed);
    }

    public static TheoryData<string, bool, string[]> Encodings => new()
    {
        { "utf-8", false, [] },
        { "utf-8", true, [] },
        { "utf-16", true, ["The text is UTF-16."] },
        { "utf-16BE", true, ["The text is UTF-16."] },
        { "utf-16", false, ["The text is UTF-16 without a byte order mark."] },
        { "utf-16BE", false, ["The text is UTF-16 (big-endian) without a byte order mark."] },
        { "utf-32", true, ["The text is UTF-32."] },
        { "utf-32BE", true, ["The text is UTF-32."] },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task The_encoding_is_found_and_reported_plain_and_packed(string name, bool hasMark, string[] guessed)
    {
        var encoding = Encoding.GetEncoding(name);
        string text = Plain.Replace("nose", "nösé 鼻 🙂", StringComparison.Ordinal);
        byte[] content = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
        using PreparedForTest plain = await PreparedForTest.FromAsync(text);

        foreach ((string file, byte[] packed) in (ValueTuple<string, byte[]>[])
            [("a.csv", content), ("a.tsv", content), ("a.csv.gz", Packing.Gzip(content)), ("a.tsv.gz", Packing.Gzip(content)), ("a.zip", Packing.Zip(("b.tsv", content)))])
        {
            using PreparedForTest other = await PreparedForTest.FromAsync(packed, file);

            Assert.Null(other.Report.Rejection);
            Assert.Equal(plain.Report.DatasetId, other.Report.DatasetId);
            Assert.Equal(guessed, other.Report.Guessed);
        }
    }

    [Fact]
    public async Task A_header_that_is_not_UTF_8_is_Windows_1252_and_so_are_the_groups()
    {
        string text = $"näse_x,näse_y,group,Image\n1,2,Jürgen,{SmallTable.Image(1)}\n1,2,Ã¼,{SmallTable.Image(2)}\n";
        using PreparedForTest plain = await PreparedForTest.FromAsync(text);

        using PreparedForTest western = await PreparedForTest.FromAsync(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text), "training.csv");

        Assert.Equal(["näse"], western.Dataset.Manifest.Schema.Names);
        Assert.Equal(plain.Report.DatasetId, western.Report.DatasetId);
        Assert.Equal(["The text is not UTF-8 and is read as Windows-1252. If names look wrong, save the file as UTF-8."], western.Report.Guessed);
    }

    [Fact]
    public async Task A_group_that_is_not_UTF_8_is_Windows_1252_below_a_header_of_ASCII()
    {
        string text = $"nose_x,nose_y,group,Image\n1,2,Jürgen,{SmallTable.Image(1)}\n1,2,Ann,{SmallTable.Image(2)}\n";
        using PreparedForTest plain = await PreparedForTest.FromAsync(text);

        using PreparedForTest western = await PreparedForTest.FromAsync(Encoding.Latin1.GetBytes(text), "training.csv");

        Assert.Equal(plain.Report.DatasetId, western.Report.DatasetId);
        Assert.Equal(["Some texts are not UTF-8 and are read as Windows-1252. If groups look wrong, save the file as UTF-8."], western.Report.Guessed);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public async Task A_text_of_UTF_16_that_is_cut_inside_a_character_loses_one_row(int bytes)
    {
        byte[] whole = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(SmallTable.With(10).TrimEnd('\n'))];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(whole[..^bytes], "training.csv");

        Assert.Equal(bytes == 1 ? 9 : 10, prepared.Report.RowsAccepted);
        Assert.Equal(bytes == 1 ? 1 : 0, prepared.Report.RowsRejected);
    }

    [Fact]
    public async Task Rows_and_lines_in_messages_are_those_of_the_file()
    {
        string text = "sep=;\r\n" + string.Join("\r\n", "nose_x;nose_y;group;Image", $"1;2;\"a\nb\";{SmallTable.Image(1)}", ";;;", "", $"x;2;;{SmallTable.Image(2)}")
            + string.Concat(Enumerable.Range(3, 8).Select(i => $"\r\n1;2;;{SmallTable.Image(i)}"));
        byte[] content = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(content, "training.csv");

        Assert.Equal("training.csv row 2 (line 7), column nose_x: 'x' is not a number", prepared.OnlyProblem.Message);
        Assert.Contains("Blank lines skipped: 2.", prepared.Report.Warnings);
        Assert.Equal((10, 9), (prepared.Report.RowsIn, prepared.Report.RowsAccepted));
    }

    [Fact]
    public async Task A_quote_that_is_followed_by_text_is_named_with_the_files_own_separator()
    {
        string[] rows = [.. Enumerable.Range(0, 9).Select(i => $"1;2;{SmallTable.Image(i)}"), $"\"1\"x;2;{SmallTable.Image(9)}"];

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"nose_x;nose_y;Image\n{string.Join('\n', rows)}\n");

        Assert.Equal("training.csv row 10: a quoted field is not closed, or text other than a semicolon follows it", prepared.OnlyProblem.Message);
    }

    [Fact]
    public async Task A_row_of_another_separator_is_a_bad_row()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10, SmallTable.Row(11).Replace(',', ';')));

        Assert.Equal("training.csv row 11: 1 columns, the header has 3 (its columns are separated by semicolons, those of the header by commas)", prepared.OnlyProblem.Message);
    }

    [Theory]
    [InlineData(",,", true)]
    [InlineData(",,,,,", true)]
    [InlineData("\"\",\" \",\"\"", true)]
    [InlineData(" ", true)]
    [InlineData("\"\"\",,", false)]
    [InlineData(",,0", false)]
    public async Task A_row_of_nothing_but_separators_is_a_blank_line(string row, bool isBlank)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10, row, SmallTable.Row(11)));

        Assert.Equal(isBlank ? 0 : 1, prepared.Report.RowsRejected);
        Assert.Equal(isBlank ? ["Blank lines skipped: 1."] : [], prepared.Report.Warnings);
        Assert.Equal(isBlank ? 11u : 12u, prepared.Dataset.SourceRow(10));
    }

    [Fact]
    public async Task A_stray_quote_before_the_header_is_refused_as_such()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync('"' + new string('\n', 40) + SmallTable.With(3));

        Assert.Equal("training.csv: the header is not valid CSV: it is too long, or it has a quote that is not closed or is followed by text.", prepared.Rejection);
    }

    [Theory]
    [InlineData("a_x,a_y,Image")]
    [InlineData("a_x;a_y;Image")]
    [InlineData("\"a_x\" \"a_y\" \"Image\"")]
    public async Task A_header_alone_has_no_rows_or_is_no_header(string header)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(header);

        Assert.NotNull(prepared.Report.Rejection);
    }

    private static string Table(char separator, string quote)
    {
        string[][] rows =
        [
            ["nose_x", "nose_y", "note", "Image"],
            .. Enumerable.Range(0, 5).Select(i => new[] { $"{i}.5", $"{i + 1}", "", SmallTable.Image(i) }),
        ];
        return string.Concat(rows.Select(row => string.Join(separator, row.Select(field => $"{quote}{field}{quote}")) + "\n"));
    }
}
