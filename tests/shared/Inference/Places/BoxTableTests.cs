using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Sources;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference.Places;

/// <summary>The file <c>boxes.csv</c>: which pictures its rows belong to, and what is said about rows that cannot be used.</summary>
public sealed class BoxTableTests
{
    private const string Header = "image,box_x,box_y,box_width,box_height\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_row_is_a_place_with_its_box_id_and_angle()
    {
        BoxTable table = await ReadAsync("image,box_x,box_y,box_width,box_height,instance,angle\na.png,1.5,2,30,40,anna,\na.png,50,60,7,8,,-12.5\n", "a.png", "b.png");

        IReadOnlyList<InstancePlace> places = table.Of("a.png");
        Assert.Equal([new PictureBox(1.5, 2, 30, 40), new PictureBox(50, 60, 7, 8, -12.5)], places.Select(place => place.Box));
        Assert.Equal(["anna", null], places.Select(place => place.Id));
        Assert.Equal(["boxes.csv row 1", "boxes.csv row 2"], places.Select(place => place.Source));
        Assert.All(places, place => Assert.Null(place.Fault));
        Assert.Empty(table.Of("b.png"));
        Assert.Null(table.Describe(knowsAll: true));
    }

    [Theory]
    [InlineData("image;box_x;box_y;box_width;box_height\na.png;1,5;2;3;4\n")]
    [InlineData("Image\tBox X\tBox Y\tBox Width\tBox Height\na.png\t1.5\t2\t3\t4\n")]
    [InlineData("image,width,height,status,nose_x,nose_y,face,instance,box_x,box_y,box_width,box_height,angle,origin,checksum\na.png,640,480,ok,9,9,1,,1.5,2,3,4,0,v1,c0\n")]
    public async Task The_file_may_be_written_as_spreadsheets_and_as_results_are(string text) =>
        Assert.Equal(new PictureBox(1.5, 2, 3, 4), Assert.Single((await ReadAsync(text, "a.png")).Of("a.png")).Box);

    [Theory]
    [InlineData("sub/a.png", "sub/a.png")]
    [InlineData("sub\\a.png", "sub/a.png")]
    [InlineData("./=a.png", "=a.png")]
    [InlineData("SUB/A.PNG", "sub/a.png")]
    [InlineData("x/../sub/a.png", "sub/a.png")]
    public async Task A_picture_is_named_by_its_path(string stated, string image) =>
        Assert.Single((await ReadAsync($"{Header}{stated},1,2,3,4\n", image, "other.png")).Of(image));

    [Theory]
    [InlineData("a.png", "sub/a.png")]
    [InlineData("../a.png", "a.png")]
    [InlineData("/etc/a.png", "a.png")]
    public async Task Another_path_with_the_same_end_is_another_picture(string stated, string image)
    {
        BoxTable table = await ReadAsync($"{Header}{stated},1,2,3,4\n", image);
        Assert.Empty(table.Of(image));
        Assert.Equal($"boxes.csv: 1 rows name pictures that are not in the set, for example '{stated}'.", table.Describe(knowsAll: true));
        Assert.Null(table.Describe(knowsAll: false));
    }

    [Fact]
    public async Task Paths_are_read_from_the_folder_of_the_file_and_from_the_root()
    {
        BoxTable table = await BoxTable.ReadAsync(
            File("photos/boxes.csv", $"{Header}a.png,1,2,3,4\nphotos/b.png,1,2,3,4\n"), ["photos/a.png", "photos/b.png", "a.png"], Cancel);

        Assert.Equal([1, 1, 0], [table.Of("photos/a.png").Count, table.Of("photos/b.png").Count, table.Of("a.png").Count]);
    }

    [Fact]
    public async Task Case_decides_between_two_pictures_that_differ_in_nothing_else()
    {
        BoxTable table = await ReadAsync($"{Header}a.png,1,2,3,4\nA.Png,5,6,7,8\n", "a.png", "A.png");
        Assert.Single(table.Of("a.png"));
        Assert.Empty(table.Of("A.png"));
    }

    [Fact]
    public async Task A_row_without_a_box_states_no_place_and_a_row_with_a_part_of_one_is_a_fault()
    {
        BoxTable table = await ReadAsync($"{Header}a.png,,,,\nb.png,1,,3,4\nc.png,x,2,3,4\n", "a.png", "b.png", "c.png");
        Assert.Empty(table.Of("a.png"));
        Assert.Equal(
            "boxes.csv row 2, column box_x: the box is not complete: fill or empty all of its fields", Assert.Single(table.Of("b.png")).Fault);
        Assert.Equal("boxes.csv row 3, column box_x: 'x' is not a number", Assert.Single(table.Of("c.png")).Fault);
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_counted_and_the_first_is_named()
    {
        string? note = await BoxTable.CheckAsync(File("boxes.csv", $"{Header}a.png,1,2,3,4\na.png,1,2\nb.png,1\nz.png,1,2,3,4\n"), ["a.png"], Cancel);
        Assert.Equal(
            "boxes.csv: 2 rows cannot be read. The first: boxes.csv row 2: 3 columns, the header has 5. "
            + "boxes.csv: 1 rows name pictures that are not in the set, for example 'z.png'.",
            note);
    }

    [Theory]
    [InlineData("image,x,y\na,1,2\n", "boxes.csv has the columns image, x, y; image, box_x, box_y, box_width and box_height are expected.")]
    [InlineData("", "boxes.csv is empty: a header and rows are expected.")]
    public async Task A_file_that_is_no_table_of_boxes_is_refused(string text, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(text, "a"))).Message);

    [Fact]
    public async Task Of_more_instances_than_are_predicted_the_largest_are_kept_and_the_picture_says_so()
    {
        var text = new StringBuilder(Header);
        for (int i = 1; i <= 1_000; i++)
            text.Append($"a.png,0,0,{i},{i}\n");

        IReadOnlyList<InstancePlace> places = (await ReadAsync(text.ToString(), "a.png")).Of("a.png");

        Assert.Equal(BoxTable.MostInstances + 1, places.Count);
        Assert.Equal(Enumerable.Range(0, BoxTable.MostInstances).Select(i => 1_000.0 - i), places.SkipLast(1).Select(place => place.Box!.Width));
        Assert.Equal("boxes.csv states 1,000 instances of this picture; the 256 largest are predicted", places[^1].Fault);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_and_says_what_to_do()
    {
        var file = new SetFile("boxes.csv", null, _ => Task.FromResult<Stream>(new EndlessRows()));
        var refusal = await Assert.ThrowsAsync<RejectedFileException>(() => BoxTable.CheckAsync(file, images: null, Cancel));
        Assert.Equal(
            "boxes.csv has more than 67,108,864 bytes, which is the limit. Split the pictures into several batches, each with its own boxes.csv.", refusal.Message);
    }

    [Theory]
    [InlineData("a.png boxes.csv sub/boxes.csv", "boxes.csv")]
    [InlineData("a.png BOXES.CSV", "BOXES.CSV")]
    [InlineData("photos/a.png photos/boxes.csv", "photos/boxes.csv")]
    [InlineData("photos/boxes.csv photos/sub/a.png", "photos/boxes.csv")]
    [InlineData("photos/boxes.csv others/a.png", null)]
    [InlineData("a.png photos/boxes.csv", null)]
    [InlineData("photos/sub/boxes.csv", null)]
    [InlineData("a.png myboxes.csv", null)]
    public void The_file_is_at_the_root_or_in_the_only_folder(string paths, string? expected) => Assert.Equal(expected, BoxFile.Find(paths.Split(' ')));

    private static Task<BoxTable> ReadAsync(string text, params string[] images) => BoxTable.ReadAsync(File("boxes.csv", text), images, Cancel);

    private static SetFile File(string path, string text) =>
        new(path, null, _ => Task.FromResult<Stream>(new ForwardStream(Encoding.UTF8.GetBytes(text))));

    private sealed class EndlessRows : ForwardOnlyStream
    {
        private static readonly byte[] Row = Encoding.UTF8.GetBytes(new string('x', 20_000) + ".png,1,2,3,4\n");
        private bool _hasStarted;

        public override int Read(Span<byte> buffer)
        {
            ReadOnlySpan<byte> next = _hasStarted ? Row : "image,box_x,box_y,box_width,box_height\n"u8;
            _hasStarted = true;
            if (buffer.Length < next.Length)
            {
                // The rest of a block: any bytes of a row.
                buffer.Fill((byte)'x');
                return buffer.Length;
            }

            next.CopyTo(buffer);
            return next.Length;
        }
    }
}
