using System.Globalization;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.LabelMe;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.LabelMe;

public sealed class LabelMeTests
{
    [Fact]
    public async Task Coordinates_are_measured_at_the_pictures_edges()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 0.5, 4.25), Rect(8, 10, 0, 0)))]);

        Assert.False(read.Pictures[0].IsRelative);
        Assert.Equal((40, 30), read.Pictures[0].StatedSize);
        Assert.Equal([0, 3.75f], read.PointsOf(0));
        Assert.Equal(new PictureBox(0, 0, 8, 10), read.Pictures[0].Instances[0].Box);
        Assert.Null(read.Pictures[0].Instances[0].States);
    }

    [Fact]
    public async Task A_rectangle_may_have_four_corners()
    {
        string corners = """{"label":"face","points":[[9,7],[1,7],[1,2],[9,2]],"shape_type":"rectangle","group_id":null}""";

        ReadSet read = await ReadSet.FromAsync([("a.json", File(corners, Point("nose", 3, 4)))]);

        Assert.Equal(new PictureBox(1, 2, 8, 5), Assert.Single(read.Pictures[0].Instances).Box);
    }

    [Theory]
    [InlineData("1", "2")]
    [InlineData("0", "1")]
    [InlineData("\"anna\"", "\"ben\"")]
    public async Task The_group_links_the_shapes_of_an_instance(string first, string second)
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(
            Point("nose", 9.5, 9.5, second), Rect(0, 0, 20, 20, first), Point("nose", 1.5, 1.5, first), Rect(0, 0, 20, 20, second)))]);

        Assert.Equal([9f, 1f], read.Pictures[0].Instances.Select(instance => instance.Points[0]).OrderDescending());
        Assert.Equal([1L, 2L], read.Pictures[0].Instances.Select(instance => instance.Row));
        Assert.All(read.Pictures[0].Instances, instance => Assert.Equal(new PictureBox(0, 0, 20, 20), instance.Box));
    }

    [Fact]
    public async Task Without_groups_the_rectangles_decide()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Rect(0, 0, 10, 10), Rect(20, 0, 30, 10), Point("nose", 25.5, 5.5), Point("nose", 5.5, 5.5)))]);

        Assert.Equal([(0.0, 5f), (20.0, 25f)], read.Pictures[0].Instances.Select(instance => (instance.Box!.Left, instance.Points[0])));
        Assert.Empty(read.Guesses);
    }

    /// <summary>Some people write the visibility of points into group_id: 1 hidden, 2 visible.</summary>
    [Fact]
    public async Task Groups_of_points_that_no_rectangle_has_link_nothing()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Rect(0, 0, 10, 10), Point("nose", 5.5, 5.5, "2"), Point("ear", 3.5, 5.5, "1")))]);

        Assert.Equal([5, 5, 3, 5], read.PointsOf(0));
        Assert.Equal(["In 1 pictures points have a group_id and rectangles have none: the rectangles decide which points belong together."], read.Guesses);
    }

    [Fact]
    public async Task Groups_without_a_keypoint_in_common_are_named()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 5, 5, "2"), Point("ear", 3, 5, "1")))]);

        Assert.Equal(2, read.Pictures[0].Instances.Count);
        Assert.Equal(
            ["In 1 pictures without rectangles, group_id makes several instances that have no keypoint in common. If group_id does not say which points belong together, remove it."],
            read.Warnings);
    }

    [Fact]
    public async Task Points_with_and_without_group_and_no_rectangle_are_a_bad_row()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 5, 5, "1"), Point("ear", 3, 5))), ("b.json", File(Point("nose", 1, 2)))]);

        Assert.Equal(
            "some points have a group_id and others have none, and there is no rectangle: which of them belong together is unknown. Give the points of an instance the same group_id",
            Assert.Single(read.Pictures[0].Instances).Fault!.Text);
        Assert.Null(read.Pictures[1].Instances[0].Fault);
    }

    [Fact]
    public async Task Hidden_points_are_difficult_or_occluded()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(
            """{"label":"a","points":[[1,1]],"shape_type":"point","difficult":true,"flags":{}}""",
            """{"label":"b","points":[[1,1]],"shape_type":"point","difficult":false,"visible":false}""",
            """{"label":"c","points":[[1,1]],"shape_type":"point","flags":{"occluded":true}}""",
            """{"label":"d","points":[[1,1]],"shape_type":"point","flags":{"occluded":false}}""",
            """{"label":"e","points":[[1,1]],"shape_type":"point","flags":{"blurred":true}}"""))]);

        Assert.Equal(
            [LabelState.Occluded, LabelState.Visible, LabelState.Occluded, LabelState.Visible, LabelState.Labelled], read.Pictures[0].Instances[0].States!);
    }

    [Fact]
    public async Task Keypoints_are_in_the_order_of_the_longest_instance_with_their_states()
    {
        string hidden = """{"label":"nose","points":[[2.5,2.5]],"shape_type":"point","difficult":true}""";

        ReadSet read = await ReadSet.FromAsync([("a.json", File(hidden)), ("b.json", File(Point("eye", 1.5, 1.5), Point("nose", 4.5, 4.5)))]);

        Assert.Equal(["eye", "nose"], read.Keypoints);
        Assert.Equal([float.NaN, float.NaN, 2, 2], read.PointsOf(0));
        Assert.Equal([LabelState.Missing, LabelState.Occluded], read.Pictures[0].Instances[0].States!);
    }

    [Fact]
    public async Task Other_shapes_are_left_out_and_pictures_without_shapes_have_no_instance()
    {
        ReadSet read = await ReadSet.FromAsync([
            ("a.json", File(Point("nose", 1.5, 2.5), """{"label":"face","points":[[1,1],[2,2],[3,1]],"shape_type":"polygon"}""", """{"label":"x","points":[[1,1],[2,2]]}""")),
            ("b.json", File("""{"label":"jaw","points":[[1,1],[2,2]],"shape_type":"linestrip"}""")), ("c.json", File())]);

        Assert.Equal([1, 2], read.PointsOf(0));
        Assert.Equal([1, 0, 0], read.Pictures.Select(picture => picture.Instances.Count));
        Assert.Equal(["Other shapes are left out: 2 polygon, 1 linestrip. Only points and rectangles are read."], read.Warnings);
    }

    [Fact]
    public async Task Points_that_a_model_drew_are_counted()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 1, 2).Replace("{\"label\"", "{\"score\":0.93,\"label\"", StringComparison.Ordinal), Point("ear", 1, 2)))]);

        Assert.Equal(["1 points have a score: a model drew them. They count as labels, also if nobody corrected them."], read.Warnings);
    }

    [Fact]
    public async Task The_picture_is_that_of_the_path_or_the_one_with_the_files_own_name()
    {
        ReadSet read = await ReadSet.FromAsync(
            [("t/a.json", FileOf("C:\\me\\IMG_1.JPG", Point("nose", 1, 2))), ("t/b.json", FileOf(string.Empty, Point("nose", 1, 2))), ("t/c.json", FileOf(string.Empty, Point("nose", 1, 2)))],
            "t/a.PNG", "t/b.jpeg", "c.png");

        Assert.Equal([("C:\\me\\IMG_1.JPG", "a.PNG"), ("b.jpeg", "b.jpeg"), ("c.jpg", null)], read.Pictures.Select(picture => (picture.Path, picture.OtherPath)));
        Assert.Equal(["t/a.json", "t/b.json", "t/c.json"], read.Pictures.Select(picture => picture.File));
        Assert.Empty(read.Warnings);
    }

    /// <summary>Somebody numbered the files anew. LabelMe shows the picture of imagePath.</summary>
    [Fact]
    public async Task A_path_to_another_picture_than_the_one_beside_the_file_is_named()
    {
        ReadSet read = await ReadSet.FromAsync(
            [("t/a.json", FileOf("b.png", Point("nose", 1, 2))), ("t/c.json", FileOf("..\\t\\c.jpg", Point("nose", 1, 2)))], "t/a.png", "t/b.png", "t/c.png", "t/c.jpg");

        Assert.Equal("b.png", read.Pictures[0].Path);
        Assert.Equal(["1 files name another picture (imagePath) than the one beside them with their own name: t/a.json names b.png. imagePath counts."], read.Warnings);
    }

    /// <summary>Far more than is read of a file; the picture also comes first, as version 2 of Python wrote members in any order.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_embedded_picture_costs_no_memory_and_does_not_hide_the_shapes(bool comesFirst)
    {
        string data = $"\"imageData\":\"{new string('A', 20_000_000)}\"";
        string shapes = $"\"shapes\":[{Point("nose", 1.5, 2.5)}]";

        ReadSet read = await ReadSet.FromAsync([("a.json", $"{{{(comesFirst ? data : shapes)},{(comesFirst ? shapes : data)},\"imagePath\":\"a.png\"}}")]);

        Assert.Equal([1, 2], read.PointsOf(0));
        Assert.Null(read.Pictures[0].StatedSize);
    }

    [Theory]
    [InlineData("""{"label":"nose","points":[[1,2],[3,4]],"shape_type":"point"}""", "shape 2 is a point and needs one pair of numbers, x and y, in points")]
    [InlineData("""{"label":"nose","points":[[1,"2"]],"shape_type":"point"}""", "shape 2 is a point and needs one pair of numbers, x and y, in points")]
    [InlineData("""{"label":"nose","points":[[1e99,2]],"shape_type":"point"}""", "shape 2 is a point and needs one pair of numbers, x and y, in points")]
    [InlineData("""{"label":"nose","shape_type":"point"}""", "shape 2 is a point and needs one pair of numbers, x and y, in points")]
    [InlineData("""{"label":" ","points":[[1,2]],"shape_type":"point"}""", "shape 2 is a point, and its label is blank. The label is the keypoint's name")]
    [InlineData("""{"label":7,"points":[[1,2]],"shape_type":"point"}""", "shape 2 is a point, and its label is blank. The label is the keypoint's name")]
    [InlineData("""{"label":"face","points":[[1,2],[3,4],[5,6]],"shape_type":"rectangle"}""", "shape 2 is a rectangle and needs two or four pairs of numbers, x and y, in points")]
    [InlineData("""{"label":"face","points":[[1,2],[1,9]],"shape_type":"rectangle"}""", "shape 2 is a rectangle without width or height")]
    public async Task A_bad_shape_makes_its_picture_a_bad_row_and_the_others_are_read(string shape, string problem)
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 1, 2), shape)), ("b.json", File(Point("nose", 1.5, 2.5)))]);

        Assert.Equal(problem, Assert.Single(read.Pictures[0].Instances).Fault!.Text);
        Assert.Equal([1, 2], read.PointsOf(1));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\n\"shapes\": [\n", 3)]
    [InlineData("{\"shapes\": [{\"points\": [[NaN, 1]]}]}", 1)]
    public async Task A_file_that_cannot_be_read_is_a_bad_row_and_the_others_are_read(string text, int line)
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 1.5, 2.5))), ("b.json", text)]);

        Assert.Equal([1, 2], read.PointsOf(0));
        Assert.Equal(
            $"The label file is not valid JSON at line {line}. It may be cut off, or contain NaN, which JSON lacks.", Assert.Single(read.Pictures[1].Instances).Fault!.Text);
    }

    [Fact]
    public void A_byte_order_mark_makes_no_difference_and_UTF_16_is_refused_with_advice()
    {
        string text = File(Point("nose", 1.5, 2.5));

        Assert.Equal((1, 2), Assert.Single(LabelMeFile.Parse((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]).Shapes).Point);
        Assert.Equal("The label file is JSON in UTF-16. Save it as UTF-8.", LabelMeFile.Parse((byte[])[0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).Fault!.Text);
    }

    [Fact]
    public async Task A_file_with_too_much_beside_embedded_pictures_is_a_bad_row()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 1.5, 2.5))), ("b.json", File() + new string(' ', 8 * 1024 * 1024))]);

        Assert.Equal("The label file has more than 8,388,608 bytes.", Assert.Single(read.Pictures[1].Instances).Fault!.Text);
    }

    [Fact]
    public async Task Other_JSON_files_of_the_set_are_left_out_and_named()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", File(Point("nose", 1.5, 2.5))), ("classes.json", "[\"face\"]"), ("info.json", "{\"author\": \"me\"}")]);

        Assert.Single(read.Pictures);
        Assert.Equal(["2 JSON files have no member shapes and were left out: classes.json, info.json."], read.Warnings);
    }

    [Fact]
    public async Task A_set_without_points_is_refused_with_what_it_holds_and_the_first_problem()
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() =>
            ReadSet.FromAsync([("a.json", File("""{"label":"face","points":[[1,1],[2,2],[3,1]],"shape_type":"polygon"}""")), ("b.json", "{")]));

        Assert.Equal(
            "a.json and 1 more: no shape is a point. A point for each keypoint, with the keypoint's name as label, is expected. Other shapes are left out: "
                + "1 polygon. Only points and rectangles are read. b.json: The label file is not valid JSON at line 1. It may be cut off, or contain NaN, which JSON lacks.",
            error.Message);
    }

    [Fact]
    public async Task More_names_than_keypoints_are_allowed_are_refused()
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() =>
            ReadSet.FromAsync([("a.json", File([.. Enumerable.Range(0, DatasetLimits.Keypoints + 1).Select(i => Point($"p{i}", 1, 2))]))]));

        Assert.Equal("a.json, a.json: there are more than 4,096 different names of keypoints. One name for each keypoint is expected.", error.Message);
    }

    /// <summary>Tools add shapes in the order in which people draw them.</summary>
    [Fact]
    public async Task The_order_of_linked_shapes_makes_no_difference()
    {
        var random = new Random(7);
        for (int round = 0; round < 20; round++)
        {
            string[] shapes =
            [
                .. Enumerable.Range(0, 3).SelectMany(group => (string[])
                [
                    Rect(group, group, group + 20, group + 30, $"{group}"),
                    .. Enumerable.Range(0, 4).Where(k => k == 0 || random.Next(3) > 0).Select(k => Point($"{k}", random.Next(30), random.Next(30), $"{group}")),
                ]),
            ];

            ReadSet first = await ReadSet.FromAsync([("a.json", File(shapes))]);
            random.Shuffle(shapes);
            ReadSet shuffled = await ReadSet.FromAsync([("a.json", File(shapes))]);

            Assert.Equal(first.Keypoints, shuffled.Keypoints);
            Assert.Equal(Instances(first), Instances(shuffled));
        }

        static IEnumerable<string> Instances(ReadSet read) =>
            read.Pictures[0].Instances.Select(instance => $"{instance.Id}: {instance.Box} {string.Join(' ', instance.Points)} {instance.Fault}").Order(StringComparer.Ordinal);
    }

    private static string Point(string label, double x, double y, string group = "null") => string.Create(
        CultureInfo.InvariantCulture, $$"""{"label":"{{label}}","points":[[{{x}},{{y}}]],"shape_type":"point","flags":{},"description":"","group_id":{{group}}}""");

    private static string Rect(double x1, double y1, double x2, double y2, string group = "null") => string.Create(
        CultureInfo.InvariantCulture, $$"""{"label":"face","points":[[{{x1}},{{y1}}],[{{x2}},{{y2}}]],"shape_type":"rectangle","flags":{},"group_id":{{group}}}""");

    private static string File(params string[] shapes) => FileOf("a.png", shapes);

    private static string FileOf(string picture, params string[] shapes) =>
        $$"""{"version":"5.5.0","flags":{},"shapes":[{{string.Join(',', shapes)}}],"imagePath":"{{picture.Replace("\\", "\\\\", StringComparison.Ordinal)}}","imageData":null,"imageHeight":30,"imageWidth":40}""";
}
