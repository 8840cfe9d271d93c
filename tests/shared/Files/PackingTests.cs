using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Files;

public sealed class PackingTests
{
    private static readonly byte[] Csv = Packing.Utf8(SmallTable.With(50));
    private static readonly byte[] Part = Packing.Gzip(Csv);
    private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] FewRows = Packing.Utf8(SmallTable.With(8));

    public static TheoryData<string, byte[]> SameRows => new()
    {
        { "training.csv", Csv },
        { "TRAINING.CSV", Csv },
        { "with mark.csv", [0xEF, 0xBB, 0xBF, .. Csv] },
        { "crlf.csv", Packing.Utf8(SmallTable.With(50).ReplaceLineEndings("\r\n")) },
        { "no last line end.csv", Csv[..^1] },
        { "quoted.csv", Packing.Utf8(SmallTable.With(50).Replace($",{SmallTable.Image(7)}", $",\"{SmallTable.Image(7)}\"", StringComparison.Ordinal)) },
        { "training.csv.gz", Packing.Gzip(Csv) },
        { "members.csv.gz", [.. Packing.Gzip(Csv[..500]), .. EmptyMember, .. EmptyMember, .. Packing.Gzip(Csv[500..]), .. EmptyMember] },
        { "named.csv.gz", [0x1F, 0x8B, 8, 4 | 8 | 16 | 2, .. Part[4..10], 3, 0, 1, 2, 3, .. "name\0comment\0"u8, 9, 9, .. Part[10..]] },
        { "training.zip", Packing.Zip(("training.csv", Csv)) },
        {
            "archive.zip", Packing.Zip(
                ("__MACOSX/._training.csv", [1]), ("data/", []), ("data/.hidden.csv", [2]), ("data/Größe ñ 1.CSV", Csv), ("README.md", [3]))
        },
        { "../../etc/../naïve name \n.zip", Packing.Zip(("../../../tmp/evil.csv", Csv)) },
    };

    [Theory]
    [MemberData(nameof(SameRows))]
    public async Task The_same_rows_are_the_same_dataset_however_they_are_packed_and_named(string name, byte[] content)
    {
        using PreparedForTest plain = await PreparedForTest.FromAsync(Csv, "training.csv");
        using PreparedForTest packed = await PreparedForTest.FromAsync(content, name);

        Assert.Null(packed.Report.Rejection);
        Assert.Equal(plain.Report.DatasetId, packed.Report.DatasetId);
        Assert.Equal(50, packed.Dataset.Rows);
        Assert.Equal(6, Directory.GetFileSystemEntries(packed.Folder).Length);
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "training.csv", [], "training.csv is empty: a header and rows are expected." },
        { "training.csv", "\n\r\n\n"u8.ToArray(), "training.csv is empty: a header and rows are expected." },
        { "training.csv", "a_x,a_y,Image\n\n"u8.ToArray(), "training.csv has a header but no rows." },
        { "training.csv", Part, "training.csv is not CSV text: it is gzip data." },
        { "training.csv", Packing.Zip(("a.csv", Csv)), "training.csv is not CSV text: it is a zip." },
        { "training.csv", [0xFF, 0xFE], "training.csv is empty: a header and rows are expected." },
        { "x/training.csv.gz", [], "training.csv.gz is empty: a header and rows are expected." },
        { "x/training.csv.gz", Csv, "training.csv.gz is not gzip data, although its name says so." },
        { "training.csv.gz", Packing.Zip(("a.csv", Csv)), "training.csv.gz is not gzip data, although its name says so: it is a zip." },
        { "training.csv.gz", Packing.Gzip(Part), "training.csv.gz is not CSV text: it is gzip data." },
        { "training.csv.gz", [.. Part, 0], "training.csv.gz contains other data after its compressed data. Compress it again." },
        { "training.zip", [], "training.zip is empty." },
        { "training.zip", Part, "training.zip is not a zip, although its name says so: it is gzip data." },
        { "training.zip", Csv, "training.zip is not a zip, although its name says so." },
        { "training.zip", Packing.Zip(), "training.zip is empty: labels to train on, or pictures to predict, are expected." },
        {
            "training.zip", Packing.Zip(("a.txt", Csv), ("b/c.png", [1])),
            $"training.zip holds no labels that are read. It holds 1 picture, a.txt. {ForeignLabels.Advice}"
        },
        {
            "training.zip", Packing.Zip(("a.csv", Csv), ("b/test.csv", FewRows)),
            "training.zip contains 2 tables with labels and pixels (a.csv, b/test.csv): one is expected. Put each into a folder or zip of its own."
        },
        { "training.zip", Packing.Zip(("a.csv", Part)), "a.csv is not CSV text: it is gzip data." },
        { "training.zip", Packing.Zip(("a.csv", [])), "a.csv is empty: a header and rows are expected." },
        { "training.txt", Csv, "training.txt: the name of a dataset must end in .csv, .tsv, .csv.gz, .tsv.gz or .zip. If it is a table, rename it to .csv." },
        { "training.gz", Part, "training.gz: the name of a dataset must end in .csv, .tsv, .csv.gz, .tsv.gz or .zip." },
        { "..", Csv, "..: the name of a dataset must end in .csv, .tsv, .csv.gz, .tsv.gz or .zip." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_file_that_is_not_what_its_name_says_is_refused_with_the_reason(string name, byte[] content, string reason)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(content, name);

        Assert.Equal(reason, prepared.Rejection);
        Assert.Equal(name, prepared.Report.Source);
        Assert.Empty(Directory.GetFileSystemEntries(prepared.Folder));
    }

    [Theory]
    [InlineData("training.csv.gz")]
    [InlineData("training.zip")]
    public async Task A_packed_file_cut_anywhere_is_refused(string name)
    {
        byte[] whole = name.EndsWith(".zip", StringComparison.Ordinal) ? Packing.Zip(("training.csv", FewRows)) : Packing.Gzip(FewRows);
        for (int length = 1; length < whole.Length; length += length < whole.Length - 40 ? 7 : 1)
        {
            using PreparedForTest prepared = await PreparedForTest.FromAsync(whole[..length], name);

            Assert.NotNull(prepared.Report.Rejection);
        }
    }

    [Theory]
    [InlineData("training.csv.gz")]
    [InlineData("training.zip")]
    public async Task One_wrong_byte_in_packed_rows_never_changes_a_dataset(string name)
    {
        byte[] whole = name.EndsWith(".zip", StringComparison.Ordinal) ? Packing.Zip(("training.csv", FewRows)) : Packing.Gzip(FewRows);
        using PreparedForTest right = await PreparedForTest.FromAsync(whole, name);
        for (int at = 0; at < whole.Length; at += 5)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x55;

            using PreparedForTest prepared = await PreparedForTest.FromAsync(damaged, name);

            Assert.Equal(prepared.Outcome.Accepted ? right.Report.DatasetId : null, prepared.Report.DatasetId);
        }
    }

    [Theory]
    [InlineData("bomb.csv.gz")]
    [InlineData("bomb.zip")]
    public async Task A_zip_bomb_is_refused_before_it_unpacks(string name)
    {
        byte[] row = new byte[100 * 1024 * 1024];
        Array.Fill(row, (byte)'1');
        SmallTable.Header.Select(c => (byte)c).Append((byte)'\n').ToArray().CopyTo(row, 0);
        byte[] bomb = name.EndsWith(".zip", StringComparison.Ordinal) ? Packing.Zip(("bomb.csv", row)) : Packing.Gzip(row);

        using PreparedForTest prepared = await PreparedForTest.FromAsync(bomb, name);

        Assert.Contains(" unpacks to more than 200 times its size (", prepared.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_found_among_thousands_of_other_files()
    {
        (string, byte[])[] files = [.. Enumerable.Range(0, 5_774).Select(i => ($"{i}.txt", Array.Empty<byte>())), ("a.csv", Csv)];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(Packing.Zip(files), "training.zip");

        Assert.Null(prepared.Report.Rejection);
        Assert.Equal(50, prepared.Dataset.Rows);
    }

    [Fact]
    public async Task A_zip_with_a_password_is_refused()
    {
        byte[] zip = Packing.Zip(("training.csv", Csv));
        int directory = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);
        zip[6] |= 1;
        zip[directory + 8] |= 1;

        using PreparedForTest prepared = await PreparedForTest.FromAsync(zip, "training.zip");

        Assert.Equal("training.csv in training.zip cannot be read. The file is protected by a password: zip it again without one.", prepared.Rejection);
    }

    [Fact]
    public async Task A_zip_on_a_stream_that_cannot_seek_is_the_callers_mistake()
    {
        var source = new DatasetSource("training.zip", _ => Task.FromResult<Stream>(new ForwardStream(Packing.Zip(("a.csv", Csv)))));

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => PreparedForTest.PrepareAsync(source, "unused"));

        Assert.StartsWith("training.zip: a zip needs a stream that can seek.", error.Message, StringComparison.Ordinal);
    }
}
