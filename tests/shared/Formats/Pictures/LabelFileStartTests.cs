using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Sources;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Pictures;

public sealed class LabelFileStartTests
{
    [Fact]
    public async Task The_first_rows_of_a_table_are_read_however_it_is_written()
    {
        LabelFileStart start = await ReadAsync("labels.csv", "\uFEFF image ;x;y\na.png;1,5;2\nb.png;3,5;4\n");

        Assert.Equal(["image", "x", "y"], start.Table!.Names);
        Assert.Equal([["a.png", "1,5", "2"], ["b.png", "3,5", "4"]], start.Table.Rows);
        Assert.StartsWith("image ;x", start.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzipped_table_is_unpacked()
    {
        LabelFileStart start = await ReadAsync("labels.csv.gz", Packing.Gzip(Packing.Utf8("image,x\na.png,1\n")));

        Assert.Equal([["a.png", "1"]], start.Table!.Rows);
        Assert.Equal("image,x\na.png,1\n", start.Text);
    }

    [Fact]
    public async Task Rows_that_cannot_be_split_are_left_out_and_so_is_the_ninth()
    {
        string rows = string.Concat(Enumerable.Range(0, 12).Select(i => i == 1 ? "1,2,3\n" : $"{i}.png,{i}\n"));

        LabelFileStart start = await ReadAsync("labels.csv", "image,x\n" + rows);

        Assert.Equal(["0.png", "2.png", "3.png", "4.png", "5.png", "6.png", "7.png", "8.png"], start.Table!.Rows.Select(row => row[0]));
    }

    [Fact]
    public async Task A_row_that_is_cut_by_the_limit_is_left_out()
    {
        string cell = new('a', LabelFileStart.LongestBytes / 2);

        LabelFileStart start = await ReadAsync("labels.csv", $"image,x\n{cell},1\n{cell},2\n");

        Assert.Equal("1", Assert.Single(start.Table!.Rows)[1]);
        Assert.Equal(LabelFileStart.LongestBytes, start.Bytes.Length);
    }

    [Fact]
    public async Task A_first_row_that_is_longer_than_the_limit_is_read()
    {
        string cell = new('a', 2 * LabelFileStart.LongestBytes);

        LabelFileStart start = await ReadAsync("labels.csv", $"image,x\n{cell},1\n{cell},2\n");

        Assert.Equal(["1", "2"], start.Table!.Rows.Select(row => row[1]));
        Assert.Equal(LabelFileStart.LongestBytes, start.Bytes.Length);
    }

    [Theory]
    [InlineData("labels.json", "{\"a\": 1,\n\"b\": 2}")]
    [InlineData("empty.csv", "")]
    [InlineData("packed.csv", "PK\u0003\u0004 and so on")]
    public async Task A_file_that_is_no_table_has_none(string name, string content) => Assert.Null((await ReadAsync(name, content)).Table);

    private static Task<LabelFileStart> ReadAsync(string name, string content) => ReadAsync(name, Packing.Utf8(content));

    private static async Task<LabelFileStart> ReadAsync(string name, byte[] content)
    {
        using var set = new SingleFile(new DatasetSource(name, _ => Task.FromResult<Stream>(new MemoryStream(content)), content.Length));
        return await LabelFileStart.ReadAsync(set, set.Files[0], TestContext.Current.CancellationToken);
    }
}
