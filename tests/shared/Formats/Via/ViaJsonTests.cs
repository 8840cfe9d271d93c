using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Via;

public sealed class ViaJsonTests
{
    private const string Csv = "filename,region_shape_attributes,region_attributes\n";

    [Fact]
    public async Task Points_and_rectangles_are_read_as_in_tables()
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Export(Picture("a.png",
            Region("""{"name":"rect","x":1,"y":2,"width":30,"height":20}""", "{}"), Point(3, 4, "nose"), Point(5, 6, "ear"),
            Region("""{"name":"polygon","all_points_x":[1,2],"all_points_y":[1,2]}""", "{}"))))]);

        Assert.Equal(["nose", "ear"], read.Keypoints);
        Assert.Equal([3, 4, 5, 6], read.PointsOf(0));
        Assert.Equal(new PictureBox(1, 2, 30, 20), read.Pictures[0].Instances[0].Box);
        Assert.Equal("a.png", read.Pictures[0].Path);
        Assert.Equal(["Other shapes are left out: 1 polygon. Only points and rectangles are read."], read.Warnings);
        Assert.Equal(["Attribute name names the keypoint."], read.Guesses);
    }

    [Fact]
    public async Task Pictures_without_regions_have_no_instance_and_may_come_first()
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Export(Picture("a.png"), Picture("b.png", Point(3, 4, "nose"))))]);

        Assert.Equal([0, 1], read.Pictures.Select(picture => picture.Instances.Count));
    }

    [Fact]
    public async Task An_embedded_picture_costs_no_memory()
    {
        string picture = $$"""{"filename":"a.png","base64_img_data":"{{new string('A', 70_000_000)}}","file_attributes":{},"regions":{"0":{{Point(3, 4, "nose")}} } }""";

        ReadSet read = await ReadSet.FromAsync([("via.json", $$"""{"b":{{Picture("b.png")}},"a":{{picture}}}""")]);

        Assert.Equal([3, 4], read.PointsOf(1));
    }

    [Fact]
    public async Task Points_without_names_are_numbered()
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Export(
            Picture("a.png", Region(Shape(1, 2), "{}"), Region(Shape(3, 4), "{}")), Picture("b.png", Region(Shape(5, 6), "{}"), Region(Shape(7, 8), "{}"))))]);

        Assert.Equal(["0", "1"], read.Keypoints);
        Assert.Equal([5, 6, 7, 8], read.PointsOf(1));
    }

    [Fact]
    public async Task A_bad_region_names_picture_and_member_and_the_rest_is_read()
    {
        ReadSet read = await ReadSet.FromAsync([("via.json", Export(
            Picture("a.png", Point(1, 2, "nose")),
            Picture("b.png", Point(1, 2, "nose"), Region("""{"name":"point","cx":"far"}""", """{"name":"tail"}"""), Region(Shape(3, 4), "{}"), "7",
                Region("""{"name":"rect","x":1,"y":1,"width":0,"height":5}""", "{}"), Region(Shape(3, 4), """{"name":"\ud800"}""")),
            """{"size":7,"regions":[]}"""))]);

        Assert.Equal(
            [
                (2L, RowProblemKind.NotANumber, "regions[1].shape_attributes", "a point needs the numbers cx and cy"),
                (2L, RowProblemKind.Label, "regions[2].region_attributes", "the point has no name: the keypoint's name is expected"),
                (2L, RowProblemKind.Label, "regions[3]", "an object with shape_attributes and region_attributes is expected"),
                (2L, RowProblemKind.Box, "regions[4].shape_attributes", "a rectangle needs the numbers x, y, width and height, the last two more than 0"),
                (2L, RowProblemKind.Label, "regions[5].region_attributes", "has a text that is not valid UTF-8"),
                (3L, RowProblemKind.PictureMissing, "filename", "the picture's name is expected"),
            ],
            read.Pictures.SelectMany(picture => picture.Instances).Where(instance => instance.Fault is not null)
                .Select(instance => (instance.Row, instance.Fault!.Kind, instance.Fault.Column!, instance.Fault.Text)));
        Assert.Equal([1, 2], read.Pictures[1].Instances[^1].Points);
    }

    /// <summary>People keep the project beside what they exported from it.</summary>
    [Fact]
    public async Task Of_several_files_of_a_folder_the_first_that_labels_a_picture_counts()
    {
        string project = $$"""{"_via_settings":{},"_via_img_metadata":{"1":{{Picture("a.png", Point(9, 9, "nose"))}},"2":{{Picture("b.png", Point(5, 6, "nose"))}} } }""";

        ReadSet read = await ReadSet.FromAsync([
            ("t/export.csv", Csv + Row("a.png", 3, 4) + "b.png,{},{}\n"), ("t/project.json", project), ("v/export.csv", Csv + Row("a.png", 7, 8))]);

        Assert.Equal(
            [("t/export.csv", 3f), ("t/project.json", 5f), ("v/export.csv", 7f)],
            read.Pictures.Where(picture => picture.Instances.Count > 0).Select(picture => (picture.File!, picture.Instances[0].Points[0])));
        Assert.Equal(
            ["1 pictures are labelled in several files. The labels of the first of these files are used: t/export.csv, t/project.json, v/export.csv."], read.Warnings);
    }

    [Theory]
    [InlineData("""{"a":{"filename":"a.png","regions":[],"file_attributes":{}}, """, "via.json is not valid JSON at line 1, byte 62. It may be cut off, or contain NaN, which JSON lacks. Export it again.")]
    [InlineData("""{"a":{"filename":"a.png","regions":[],"file_attributes":{}}} x""", "via.json is not valid JSON at line 1, byte 62. It may be cut off, or contain NaN, which JSON lacks. Export it again.")]
    [InlineData("""{"_via_settings":{},"_via_img_metadata":[]}""", "via.json: no region is a point. Points with an attribute that names the keypoint are expected.")]
    [InlineData("""{"_via_settings":{}}""", "via.json: no region is a point. Points with an attribute that names the keypoint are expected.")]
    public async Task A_file_without_points_or_that_cannot_be_read_is_refused(string text, string problem)
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([("via.json", text)]));

        Assert.Equal(problem, error.Message);
    }

    [Fact]
    public async Task A_file_without_points_is_refused_with_its_shapes()
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() =>
            ReadSet.FromAsync([("via_region_data.json", Export(Picture("a.png", Region("""{"name":"polygon"}""", "{}"), Region("""{"name":"polygon"}""", "{}"))))]));

        Assert.Equal(
            "via_region_data.json: no region is a point. Points with an attribute that names the keypoint are expected. "
                + "Other shapes are left out: 2 polygon. Only points and rectangles are read.",
            error.Message);
    }

    private static string Export(params string[] pictures) => $"{{{string.Join(',', pictures.Select((picture, i) => $"\"{i}\":{picture}"))}}}";

    private static string Picture(string name, params string[] regions) =>
        $$"""{"filename":"{{name}}","size":99,"regions":[{{string.Join(',', regions)}}],"file_attributes":{} }""";

    private static string Point(int x, int y, string name) => Region(Shape(x, y), $$"""{"name":"{{name}}"}""");

    private static string Shape(int x, int y) => $$"""{"name":"point","cx":{{x}},"cy":{{y}}}""";

    private static string Region(string shape, string attributes) => $$"""{"shape_attributes":{{shape}},"region_attributes":{{attributes}}}""";

    private static string Row(string picture, int x, int y) => $"{picture},\"{Shape(x, y).Replace("\"", "\"\"", StringComparison.Ordinal)}\",\"{{\"\"name\"\":\"\"nose\"\"}}\"\n";
}
