using KeypointPipeline.Formats.Cvat;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using Xunit;
using static KeypointPipeline.Shared.Tests.Formats.Cvat.CvatXml;

namespace KeypointPipeline.Shared.Tests.Formats.Cvat;

public sealed class CvatTests
{
    /// <summary>A picture of 40 pixels reaches from 0 to 40 in CVAT, and its first pixel's centre is 0.5.</summary>
    [Fact]
    public async Task Points_are_measured_at_pixel_edges_and_boxes_stay_as_they_are()
    {
        ReadSet read = await ReadAsync(Image("<points label=\"nose\" points=\"0.5,0.5\"/><box label=\"face\" xtl=\"0\" ytl=\"0\" xbr=\"40\" ybr=\"30\"/>"));

        LabelledInstance face = Assert.Single(read.Pictures[0].Instances);
        Assert.Equal([0, 0], face.Points);
        Assert.Equal(new PictureBox(0, 0, 40, 30), face.Box);
        Assert.Equal((40, 30), read.Pictures[0].StatedSize);
    }

    [Fact]
    public async Task A_rotation_turns_the_box_clockwise_around_its_centre()
    {
        ReadSet read = await ReadAsync(Image(Nose + "<box label=\"face\" xtl=\"1\" ytl=\"2\" xbr=\"11\" ybr=\"7\" rotation=\"350.5\"/>"));

        Assert.Equal(new PictureBox(1, 2, 10, 5, 350.5), read.Pictures[0].Instances[0].Box);
    }

    [Fact]
    public async Task Occluded_points_are_hidden_and_points_outside_are_missing()
    {
        ReadSet read = await ReadAsync(Image(Skeleton("""
            <points label="nose" outside="0" occluded="1" points="3.5,4.5"/><points label="tail" outside="1" occluded="1" points="x"/>
            <points label="ear" outside="0" occluded="0" points="7.5,8.5"/>
            """)));

        LabelledInstance animal = Assert.Single(read.Pictures[0].Instances);
        Assert.Equal(["nose", "tail", "ear"], read.Keypoints);
        Assert.Equal([3, 4, float.NaN, float.NaN, 7, 8], animal.Points);
        Assert.Equal([LabelState.Occluded, LabelState.Missing, LabelState.Visible], animal.States);
    }

    [Fact]
    public async Task Shapes_of_a_group_are_one_instance()
    {
        ReadSet read = await ReadAsync(Image(
            Box(0, 0, 40, 30, group: 1) + Box(0, 0, 39, 29, group: 2) + Point("nose", 5, 5, group: 2) + Point("nose", 6, 6, group: 1) + Point("tail", 7, 7, group: 2)));

        Assert.Equal([("1", 5.5f), ("2", 4.5f)], read.Pictures[0].Instances.Select(instance => (instance.Id!, instance.Points[0])));
        Assert.Equal(6.5f, read.Pictures[0].Instances[1].Points[2]);
    }

    /// <summary>CVAT sorts shapes by their z-order.</summary>
    [Fact]
    public async Task The_order_of_the_shapes_makes_no_difference()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            string[] shapes =
            [
                .. Enumerable.Range(1, random.Next(1, 5)).SelectMany(group => (string[])
                [
                    Box(random.Next(20), random.Next(20), 9, 9, group), Point("nose", random.Next(40), random.Next(30), group),
                    Skeleton(Point("tail", random.Next(40), random.Next(30)) + Point("ear", random.Next(40), random.Next(30)), group: group),
                ]),
            ];
            string meta = Meta("nose", "animal", "tail<animal", "ear<animal");

            ReadSet read = await ReadAsync(meta + Image(string.Concat(shapes)));
            random.Shuffle(shapes);
            ReadSet shuffled = await ReadAsync(meta + Image(string.Concat(shapes)));

            Assert.Equal(Instances(read), Instances(shuffled));
        }

        static IEnumerable<string> Instances(ReadSet read) => read.Pictures[0].Instances
            .Select(instance => $"{instance.Id} {instance.Box} {string.Join(' ', instance.Points)}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_group_of_two_skeletons_with_one_label_is_two_instances()
    {
        ReadSet read = await ReadAsync(Image(
            Skeleton(Point("nose", 5, 5), group: 1) + Skeleton(Point("nose", 25, 5), group: 1) + Box(20, 0, 10, 10, group: 1) + Box(0, 0, 10, 10, group: 1)));

        Assert.Equal(
            [(null, 4.5f, 0.0), (null, 24.5f, 20.0)],
            read.Pictures[0].Instances.Select(instance => (instance.Id, instance.Points[0], instance.Box!.Left)));
    }

    [Fact]
    public async Task Skeletons_of_different_labels_in_a_group_are_one_instance()
    {
        ReadSet read = await ReadAsync(Image(Skeleton(Point("nose", 5, 5), "face", group: 1) + Skeleton(Point("thumb", 25, 5), "hand", group: 1)));

        Assert.Equal([4.5f, 4.5f, 24.5f, 4.5f], read.PointsOf(0));
    }

    [Fact]
    public async Task Without_groups_a_skeleton_gets_the_only_box_around_it()
    {
        ReadSet read = await ReadAsync(Image(
            Box(0, 0, 10, 10) + Box(20, 0, 10, 10) + Skeleton(Point("nose", 25, 5) + Point("tail", 22, 5)) + Skeleton(Point("nose", 5, 5) + Point("tail", 2, 5))));

        Assert.Equal([(20.0, 24.5f), (0.0, 4.5f)], read.Pictures[0].Instances.Select(instance => (instance.Box!.Left, instance.Points[0])));
    }

    [Fact]
    public async Task A_box_around_two_skeletons_belongs_to_neither()
    {
        ReadSet read = await ReadAsync(Image(Box(0, 0, 40, 30) + Skeleton(Point("nose", 25, 5)) + Skeleton(Point("nose", 5, 5))));

        Assert.Equal([(true, float.NaN), (false, 24.5f), (false, 4.5f)], read.Pictures[0].Instances.Select(instance => (instance.Box is not null, instance.Points[0])));
    }

    [Fact]
    public async Task Single_points_without_groups_belong_to_the_box_around_them()
    {
        ReadSet read = await ReadAsync(Image(Box(0, 0, 10, 10) + Box(20, 0, 10, 10) + Point("nose", 25, 5) + Point("nose", 5, 5)));

        Assert.Equal([(0.0, 4.5f), (20.0, 24.5f)], read.Pictures[0].Instances.Select(instance => (instance.Box!.Left, instance.Points[0])));
    }

    [Fact]
    public async Task Other_shapes_and_shapes_of_models_are_counted_in_warnings()
    {
        ReadSet read = await ReadAsync(Image(
            "<polygon label=\"face\" points=\"1,1;2,2;3,3\"><attribute name=\"keypoint\">x</attribute></polygon><mask label=\"face\" rle=\"1, 2\"/><tag label=\"good\"/><tag label=\"new\"/>"
            + "<points label=\"nose\" source=\"auto\" points=\"3.5,4.5\"/>" + Skeleton(Tail + "<ellipse label=\"eye\" cx=\"1\"/>") + "<box label=\"face\" source=\"auto\" xtl=\"0\" ytl=\"0\" xbr=\"9\" ybr=\"9\"/>"));

        Assert.Equal(
            [
                "Other shapes are left out: 1 polygon, 1 mask, 2 tag, 1 ellipse. Only skeletons, points and boxes are read.",
                "1 skeletons and points are marked source=\"auto\": a model placed them, and nobody has moved them. They are read as labels. Delete in CVAT what nobody has checked.",
            ],
            read.Warnings);
    }

    [Theory]
    [InlineData("sub/a.jpg", null, "images/sub/a.jpg", "images/sub/a.jpg")]
    [InlineData("a.jpg", "Train", "images/Train/a.jpg", "images/Train/a.jpg")]
    [InlineData("a.jpg", "Train", "images/a.jpg", "Train/a.jpg")]
    [InlineData("frame_000007", null, "images/frame_000007.PNG", "images/frame_000007.PNG")]
    [InlineData("sub/a.jpg", null, "a.jpg", "sub/a.jpg")]
    public async Task A_picture_is_where_CVAT_puts_it_or_found_by_its_name(string name, string? subset, string file, string path)
    {
        string image = $"<image id=\"0\" name=\"{name}\"{(subset is null ? "" : $" subset=\"{subset}\" task_id=\"3\"")}>{Nose}</image>";

        ReadSet read = await ReadAsync(image, file);

        Assert.Equal(path, read.Pictures[0].Path);
    }

    [Fact]
    public async Task Pictures_of_one_name_in_several_files_stay_apart()
    {
        ReadSet read = await ReadSet.FromAsync([("one/annotations.xml", Document(Image(Nose))), ("two/annotations.xml", Document(Image(Tail)))], "one/images/a.png", "two/images/a.png");

        Assert.Equal(["nose", "tail"], read.Keypoints);
        Assert.Equal([("one/annotations.xml", "images/a.png"), ("two/annotations.xml", "images/a.png")], read.Pictures.Select(picture => (picture.File!, picture.Path)));
        Assert.Equal([float.NaN, float.NaN, 5, 6], read.PointsOf(1));
    }

    [Fact]
    public async Task A_picture_without_shapes_has_no_instance()
    {
        ReadSet read = await ReadAsync("<image id=\"0\" name=\"empty.png\" width=\"4\" height=\"4\"/>" + Image(Nose));

        Assert.Empty(read.Pictures[0].Instances);
        Assert.Equal([3, 4], read.PointsOf(1));
    }

    [Theory]
    [InlineData("<annotations><meta><task>", true)]
    [InlineData("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>", true)]
    [InlineData("<annotations><image id=\"0\" name=\"a.png\">", true)]
    [InlineData("<annotations><note>", false)]
    [InlineData("<annotation><folder>x</folder><version>1</version>", false)]
    [InlineData("<dataset><images><image file='a.png'>", false)]
    public void The_root_and_what_follows_it_show_the_format(string start, bool expected) =>
        Assert.Equal(expected, new CvatFormat().Recognises(new LabelFileStart("x.xml", System.Text.Encoding.UTF8.GetBytes(start), table: null)));
}
