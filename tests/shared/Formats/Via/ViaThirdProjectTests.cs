using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Via;

public sealed class ViaThirdProjectTests
{
    private const string Name = """
        "1":{"aname":"name","type":1,"options":{}}
        """;

    private const string Pictures = """
        "1":{"fid":"1","fname":"a.png","type":2,"loc":1,"src":""},"2":{"fid":"2","fname":"","type":2,"loc":2,"src":"https://example.org/p/b.png"},"3":{"fid":"3","fname":"v.mp4","type":4,"loc":1,"src":""}
        """;

    private const string Views = """
        "1":{"fid_list":["1"]},"2":{"fid_list":[2]},"3":{"fid_list":["3"]},"4":{"fid_list":["1","2"]}
        """;

    [Fact]
    public async Task Points_are_measured_at_the_pictures_edges()
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Project(Name, Region("1", "[1,3.5,4.25]", """{"1":"nose"}"""), Region("1", "[2,0,0,40,30]", "{}")))]);

        Assert.Equal([3, 3.75f], read.PointsOf(0));
        Assert.Equal(new PictureBox(0, 0, 40, 30), read.Pictures[0].Instances[0].Box);
        Assert.Equal([("a.png", 1), ("https://example.org/p/b.png", 0)], read.Pictures.Select(picture => (picture.Path, picture.Instances.Count)));
    }

    [Theory]
    [InlineData("""{"aname":"keypoint","type":4,"options":{"0":"nose","1":"tail"}}""", "1")]
    [InlineData("""{"aname":"keypoint","type":2,"options":{"0":"nose","1":"tail"}}""", "1")]
    [InlineData("""{"aname":"keypoint","type":1,"options":{}}""", "tail")]
    [InlineData("""{"aname":"keypoint","type":4,"options":{"\ud800":"nose","0":"\ud800","1":"tail"}}""", "1")]
    public async Task An_option_counts_by_its_text(string attribute, string value)
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Project($"\"7\":{attribute}", Region("1", "[1,3,4]", $$"""{"7":"{{value}}"}""")))]);

        Assert.Equal(["tail"], read.Keypoints);
    }

    [Fact]
    public async Task Other_shapes_and_regions_of_videos_are_left_out_and_labels_of_whole_files_are_nothing()
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Project(Name,
            Region("1", "[1,3,4]", """{"1":"nose"}"""), Region("1", "[7,1,1,2,2,3,1]", "{}"), Region("1", "[9,1,1,2,2]", "{}"), Region("1", "[]", """{"1":"caption"}"""),
            """{"vid":"3","flg":0,"z":[1.5],"xy":[1,2,3],"av":{}}"""))]);

        Assert.Equal(["nose"], read.Keypoints);
        Assert.Equal([1, 0], read.Pictures.Select(picture => picture.Instances.Count));
        Assert.Equal(["Other shapes are left out: 1 polygon, 1 extreme circle, 1 region of a video. Only points and rectangles are read."], read.Warnings);
    }

    [Fact]
    public async Task A_bad_region_is_named_and_the_rest_is_read()
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Project(Name,
            Region("1", "[1,3,4]", """{"1":"nose"}"""), Region("1", "[1,\"x\",4]", "{}"), Region("2", "[2,1,1,0,5]", "{}"), Region("2", "[0,1,1]", "{}"), Region("2", "[1,1,1]", "{}"),
            Region("4", "[1,1,1]", "{}"), Region("9", "[1,1,1]", "{}")))]);

        Assert.Equal(
            [
                (1L, RowProblemKind.NotANumber, "metadata.r1.xy", "a point needs the numbers 1, x and y"),
                (2L, RowProblemKind.Box, "metadata.r2.xy", "a rectangle needs the numbers 2, x, y, width and height, the last two more than 0"),
                (2L, RowProblemKind.Label, "metadata.r3.xy", "does not begin with the number of a shape, 1 to 9"),
                (2L, RowProblemKind.Label, "metadata.r4.av", "the point has no name: the keypoint's name is expected"),
                (1L, RowProblemKind.PictureMissing, "metadata.r5.vid", "names no view of the project with one picture"),
                (1L, RowProblemKind.PictureMissing, "metadata.r6.vid", "names no view of the project with one picture"),
            ],
            read.Pictures.SelectMany(picture => picture.Instances).Where(instance => instance.Fault is not null)
                .Select(instance => (instance.Row, instance.Fault!.Kind, instance.Fault.Column!, instance.Fault.Text)));
        Assert.Equal([2.5f, 3.5f], read.Pictures[0].Instances[^1].Points);
    }

    [Fact]
    public async Task A_project_without_points_is_refused()
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([("via.json", Project(Name))]));

        Assert.Equal("via.json: no region is a point. Points with an attribute that names the keypoint are expected.", error.Message);
    }

    [Theory]
    [InlineData("file", """{"fname":"a.png","type":2}""")]
    [InlineData("view", """{"fid_list":["1"]}""")]
    public async Task More_pictures_than_fit_into_memory_are_refused(string member, string value)
    {
        string many = string.Join(',', Enumerable.Range(0, 500_001).Select(i => $"\"{i}\":{value}"));

        var error = await Assert.ThrowsAsync<RejectedFileException>(() =>
            ReadSet.FromAsync([("via.json", $"{{\"project\":{{\"vid_list\":[]}},\"{member}\":{{{many}}}}}")]));

        Assert.Equal("via.json has more than 500,000 files or views. Split the project.", error.Message);
    }

    private static string Region(string view, string xy, string attributes) => $$"""{"vid":"{{view}}","flg":0,"z":[],"xy":{{xy}},"av":{{attributes}}}""";

    private static string Project(string attributes, params string[] regions) =>
        $$$"""{"project":{"pid":"1","vid_list":["1","2"]},"config":{},"attribute":{{{{attributes}}}},"file":{{{{Pictures}}}},"metadata":{{{{string.Join(',', regions.Select((region, i) => $"\"r{i}\":{region}"))}}}},"view":{{{{Views}}}}}""";
}
