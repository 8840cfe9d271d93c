using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Via;

public sealed class ViaTests
{
    private const string Header = "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n";

    [Fact]
    public async Task A_point_is_the_pixel_that_was_clicked()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header + Row("a.png", Point(3, 4), """{"name":"nose"}"""))]);

        Assert.False(read.Pictures[0].IsRelative);
        Assert.Equal([3, 4], read.PointsOf(0));
        Assert.Equal(["Attribute name names the keypoint."], read.Guesses);
    }

    [Fact]
    public async Task The_first_version_writes_a_hash_before_the_header()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", "#" + Header + Row("a.png", Point(3, 4), """{"name":"nose"}"""))]);

        Assert.Equal(["nose"], read.Keypoints);
    }

    [Theory]
    [InlineData("""{"landmark":"nose"}""")]
    [InlineData("""{"Keypoint":" nose "}""")]
    [InlineData("""{"kind of point":"nose"}""")]
    [InlineData("""{"type":{"nose":true,"tail":false}}""")]
    [InlineData("""{"name":"nose","remark":"unsure"}""")]
    public async Task Known_attributes_or_the_only_one_name_the_keypoint(string attributes)
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header + Row("a.png", Point(3, 4), attributes))]);

        Assert.Equal(["nose"], read.Keypoints);
    }

    [Fact]
    public async Task Several_unknown_attributes_are_refused_with_the_next_step()
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() =>
            ReadSet.FromAsync([("via.csv", Header + Row("a.png", Point(3, 4), """{"colour":"red","remark":"unsure"}"""))]));

        Assert.Equal(
            "via.csv: the points have the attributes colour, remark, and none of them is known to name the keypoint. Rename the attribute with the keypoint's name to keypoint.",
            error.Message);
    }

    [Fact]
    public async Task Points_without_attributes_are_numbered_if_every_instance_has_as_many()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header
            + Row("a.png", Point(1, 2), "{}") + Row("a.png", Point(3, 4), "{}")
            + Row("b.png", Point(5, 6), "{}") + Row("b.png", Point(7, 8), "{}")
            + Row("c.png", Point(9, 9), "{}"))]);

        Assert.Equal(["0", "1"], read.Keypoints);
        Assert.Equal([5, 6, 7, 8], read.PointsOf(1));
        RowFault fault = Assert.Single(read.Pictures[2].Instances).Fault!;
        Assert.Equal("an instance has 1 points without names, others have 2: it is unknown which one is which", fault.Text);
        Assert.Equal(["No attribute names the keypoints: the points of an instance are numbered in the order of the regions."], read.Guesses);
    }

    [Fact]
    public async Task Points_without_names_are_numbered_in_each_instance()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header
            + Row("a.png", Point(1, 2), """{"face":"1"}""") + Row("a.png", Point(3, 4), """{"face":"1"}""")
            + Row("a.png", Point(5, 6), """{"face":"2"}""") + Row("a.png", Point(7, 8), """{"face":"2"}"""))]);

        Assert.Equal(["0", "1"], read.Keypoints);
        Assert.Equal([1f, 5f], read.Pictures[0].Instances.Select(instance => instance.Points[0]));
    }

    [Fact]
    public async Task Regions_of_a_picture_come_together_also_if_the_table_scatters_them()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header
            + Row("a.png", Point(1, 2), """{"name":"nose"}""") + Row("b.png", Point(5, 6), """{"name":"nose"}""") + Row("a.png", Point(3, 4), """{"name":"tail"}"""))]);

        Assert.Equal(["a.png", "b.png"], read.Pictures.Select(picture => picture.Path));
        Assert.Equal([1, 2, 3, 4], read.PointsOf(0));
    }

    [Fact]
    public async Task Points_without_an_instance_belong_to_the_rectangle_around_them()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header
            + Row("a.png", Rect(0, 0, 10, 10), "{}") + Row("a.png", Rect(20, 0, 10, 10), "{}")
            + Row("a.png", Point(25, 5), """{"name":"nose"}""") + Row("a.png", Point(5, 5), """{"name":"nose"}"""))]);

        Assert.Equal(
            [(new PictureBox(0, 0, 10, 10), 5f), (new PictureBox(20, 0, 10, 10), 25f)],
            read.Pictures[0].Instances.Select(instance => (instance.Box!, instance.Points[0])));
    }

    [Fact]
    public async Task Points_of_an_instance_get_the_only_box_around_them()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header
            + Row("a.png", Rect(0, 0, 10, 10), "{}") + Row("a.png", Rect(20, 0, 10, 10), "{}")
            + Row("a.png", Point(25, 5), """{"name":"nose","face":"1"}""") + Row("a.png", Point(22, 5), """{"name":"tail","face":"1"}"""))]);

        Assert.Equal([new PictureBox(0, 0, 10, 10), new PictureBox(20, 0, 10, 10)], read.Pictures[0].Instances.Select(instance => instance.Box!));
        Assert.Equal([25, 5, 22, 5], read.Pictures[0].Instances[1].Points);
    }

    [Fact]
    public async Task Other_shapes_are_left_out_and_pictures_without_regions_have_no_instance()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header
            + Row("a.png", """{"name":"polygon","all_points_x":[1,2],"all_points_y":[1,2]}""", "{}") + Row("a.png", Point(1, 2), """{"name":"nose"}""")
            + Row("b.png", "{}", "{}"))]);

        Assert.Equal([1, 2], read.PointsOf(0));
        Assert.Empty(read.Pictures[1].Instances);
        Assert.Equal(["Other shapes are left out: 1 polygon. Only points and rectangles are read."], read.Warnings);
    }

    [Fact]
    public async Task A_bad_region_names_row_and_column_and_the_rest_is_read()
    {
        ReadSet read = await ReadSet.FromAsync([("via.csv", Header
            + Row("a.png", Point(1, 2), """{"name":"nose"}""") + Row("a.png", """{"name":"point","cx":"far"}""", """{"name":"tail"}""")
            + Row("a.png", Point(1, 2)[..^2], """{"name":"tail"}""") + Row("a.png", Point(3, 4), "{}") + Row("a.png", Rect(1, 1, 0, 5), "{}"))]);

        Assert.Equal(
            [
                (2L, RowProblemKind.NotANumber, "region_shape_attributes"), (3L, RowProblemKind.Label, "region_shape_attributes"),
                (4L, RowProblemKind.Label, "region_attributes"), (5L, RowProblemKind.Box, "region_shape_attributes"),
            ],
            read.Pictures[0].Instances.Where(instance => instance.Fault is not null).Select(instance => (instance.Row, instance.Fault!.Kind, instance.Fault.Column!)));
        Assert.Equal([1, 2], read.Pictures[0].Instances[^1].Points);
    }

    private static string Point(int x, int y) => $$"""{"name":"point","cx":{{x}},"cy":{{y}}}""";

    private static string Rect(int x, int y, int width, int height) => $$"""{"name":"rect","x":{{x}},"y":{{y}},"width":{{width}},"height":{{height}}}""";

    private static string Row(string picture, string shape, string attributes) => $"{picture},99,\"{{}}\",1,0,{Quote(shape)},{Quote(attributes)}\n";

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
