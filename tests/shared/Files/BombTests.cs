using System.Buffers.Binary;
using System.IO.Compression;
using KeypointPipeline.Formats;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Files;

/// <summary>Datasets made to cost memory, time or disk.</summary>
public sealed class BombTests
{
    private static readonly byte[] Csv = Packing.Utf8(SmallTable.With(8));

    [Fact]
    public async Task Ten_gigabytes_of_zeros_in_ten_megabytes_are_refused_after_the_first_of_them()
    {
        byte[] megabyte = Deflated(new byte[1024 * 1024]);
        byte[] bomb = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. Deflated(Csv), .. Enumerable.Repeat(megabyte, 10_000).SelectMany(block => block), 3, 0];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(bomb, "bomb.csv.gz");

        Assert.InRange(bomb.Length, 5_000_000, 20_000_000);
        Assert.Matches("^bomb.csv.gz unpacks to more than 200 times its size \\([0-9,]+ bytes gave 6[4-9],[0-9,]+\\): it looks like a zip bomb.$", prepared.Rejection);
    }

    [Fact]
    public async Task Zip_entries_that_share_their_bytes_are_read_once()
    {
        byte[] zip = Packing.Zip(("training.csv", Csv), ("b.txt", [1]), ("c.txt", [2]));
        int[] entries = [.. Enumerable.Range(0, zip.Length - 4).Where(at => zip.AsSpan(at).StartsWith("PK\u0001\u0002"u8))];
        foreach (int entry in entries)
            BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(entry + 42), 0);

        using PreparedForTest prepared = await PreparedForTest.FromAsync(zip, "training.zip");

        Assert.Null(prepared.Report.Rejection);
        Assert.Equal(8, prepared.Dataset.Rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task A_zip_that_states_another_size_than_it_unpacks_to_is_refused(int size)
    {
        byte[] zip = Packing.Zip(("training.csv", Csv));
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(zip.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24), size);

        using PreparedForTest prepared = await PreparedForTest.FromAsync(zip, "training.zip");

        Assert.StartsWith("training.csv in training.zip cannot be read. The file is cut short or damaged: it does not have the size that the zip states.", prepared.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_more_rows_than_allowed_is_refused()
    {
        byte[] rows = [.. "a_x,a_y,Image\n"u8, .. Enumerable.Repeat("1\n"u8.ToArray(), DatasetLimits.Rows + 1).SelectMany(row => row)];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(rows, "training.csv");

        Assert.Equal("There are more than 2,000,000 rows: split the file.", prepared.Rejection);
        Assert.Equal(2_000_000, prepared.Report.RowsRejected);
        Assert.Equal(DatasetLimits.ProblemsInDetail, prepared.Report.Problems.Count);
    }

    [Fact]
    public async Task A_row_of_millions_of_fields_is_one_bad_row()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10, "1" + new string(',', 4_000_000), new string('"', 4_000_000)));

        Assert.Equal(
            ["training.csv row 11: 4,000,001 columns, the header has 3 (are there decimal commas?)", "training.csv row 12: 1 columns, the header has 3"],
            prepared.Report.Problems.Select(problem => problem.Message));
    }

    [Fact]
    public async Task A_number_of_millions_of_digits_is_one_bad_row()
    {
        string digits = new('7', 3_000_000);

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            SmallTable.With(10, $"{digits},1,{SmallTable.Image(1)}", $"1,0.{digits},{digits}", $"0.{digits},1,{SmallTable.Image(90)}"));

        Assert.Equal([RowProblemKind.Infinite, RowProblemKind.PixelValue], prepared.Report.Problems.Select(problem => problem.Kind));
        Assert.All(prepared.Report.Problems, problem => Assert.InRange(problem.Message.Length, 20, 200));
        Assert.Equal(0.7777778f, prepared.Dataset.Keypoints(10)[0]);
    }

    [Theory]
    [InlineData("_8x8")]
    [InlineData("")]
    public async Task A_column_with_an_endless_name_is_refused_and_not_repeated_in_every_message(string frame)
    {
        string name = frame.Length > 0 ? $"Image_{new string('0', 100_000)}8x8" : $"nose{new string(' ', 100_000)}_x";
        string header = frame.Length > 0 ? $"nose_x,nose_y,{name}" : $"{name},nose_y,Image";

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"{header}\n{string.Concat(Enumerable.Repeat("x,1,2\n", 200))}");

        Assert.Contains("characters; at most 1,000 are allowed", prepared.Rejection, StringComparison.Ordinal);
        Assert.InRange(PipelineJson.Write(prepared.Report).Length, 100, 2_000);
    }

    /// <summary>Deflated data without the stream's end: more may follow.</summary>
    private static byte[] Deflated(byte[] content)
    {
        using var packed = new MemoryStream();
        using var deflate = new DeflateStream(packed, CompressionLevel.Optimal);
        deflate.Write(content);
        deflate.Flush();
        return packed.ToArray();
    }
}
