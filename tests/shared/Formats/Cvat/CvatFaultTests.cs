using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using Xunit;
using static KeypointPipeline.Shared.Tests.Formats.Cvat.CvatXml;

namespace KeypointPipeline.Shared.Tests.Formats.Cvat;

/// <summary>Bad rows and refusals.</summary>
public sealed class CvatFaultTests
{
    [Fact]
    public async Task A_keypoint_twice_in_an_instance_is_a_bad_row()
    {
        ReadSet read = await ReadAsync(Image(Nose + Nose) + Image(Skeleton(Nose + Nose + Tail), "b.png") + Image(Point("nose", 1, 1, group: 3) + Point("nose", 2, 2, group: 3), "c.png"));

        Assert.All(read.Pictures, picture => Assert.StartsWith("is there twice", Assert.Single(picture.Instances).Fault!.Text, StringComparison.Ordinal));
        Assert.All(read.Pictures, picture => Assert.Equal("nose", picture.Instances[0].Fault!.Column));
    }

    [Fact]
    public async Task A_shape_with_another_number_of_points_is_a_bad_row_and_the_rest_is_read()
    {
        const string Face = "<points label=\"face\" points=\"1.5,2.5;3.5,4.5\"/>";

        ReadSet read = await ReadAsync(Image(Face + Face) + Image("\n<points label=\"face\" points=\"1.5,2.5\"/>" + Face, "b.png"));

        Assert.Equal("a shape has 1 points, most have 2: it is unknown which one is which", read.Pictures[1].Instances[0].Fault!.Text);
        Assert.Equal(4, read.Pictures[1].Instances[0].Row);
        Assert.Equal([1, 2, 3, 4], read.Pictures[1].Instances[1].Points);
    }

    [Theory]
    [InlineData("<points label=\"nose\" points=\"3.5\"/>", RowProblemKind.NotANumber, "has no points that are numbers, as in x,y;x,y.")]
    [InlineData("<points label=\"nose\" points=\"3.5,NaN\"/>", RowProblemKind.NotANumber, "has no points that are numbers, as in x,y;x,y.")]
    [InlineData("<points label=\"nose\" points=\"1e12,1\"/>", RowProblemKind.NotANumber, "has no points that are numbers, as in x,y;x,y.")]
    [InlineData("<points label=\"nose\"/>", RowProblemKind.NotANumber, "has no points that are numbers, as in x,y;x,y.")]
    [InlineData("<points points=\"1,2\"/>", RowProblemKind.Label, "the point has no label: the keypoint's name is expected")]
    [InlineData("<points label=\"nose\" points=\"1,2;3,4\"/>", RowProblemKind.Label, "a shape has 2 points, most have one: it is unknown which one is meant")]
    [InlineData("<box xtl=\"1\" ytl=\"1\" xbr=\"9\"/>", RowProblemKind.Box, "has no xtl, ytl, xbr and ybr that are numbers.")]
    [InlineData("<box xtl=\"1\" ytl=\"1\" xbr=\"1\" ybr=\"9\"/>", RowProblemKind.Box, "has no width or height.")]
    [InlineData("<box xtl=\"1\" ytl=\"1\" xbr=\"5\" ybr=\"9\" rotation=\"left\"/>", RowProblemKind.Box, "has a rotation that is no number.")]
    public async Task A_bad_point_or_box_makes_those_of_its_picture_bad_and_skeletons_stay(string shape, RowProblemKind kind, string text)
    {
        ReadSet read = await ReadAsync(Image(Nose + Tail) + Image(Nose + Tail, "b.png") + Image(Tail + shape + Skeleton(Nose), "c.png"));

        Assert.Equal([null, (kind, text)], ((IEnumerable<int>)[0, 2]).Select(i => Problem(read.Pictures[i].Instances[0])));
        Assert.Equal([3, 4, float.NaN, float.NaN], Assert.Single(read.Pictures[2].Instances, instance => instance.Fault is null).Points);
        Assert.Equal(2, read.Pictures[2].Instances.Count);
    }

    [Theory]
    [InlineData("<points label=\"tail\" points=\"3.5\"/>", "tail", "has no points that are numbers, as in x,y;x,y.")]
    [InlineData("<points points=\"3.5,1\"/>", null, "a point of the skeleton has no label: the keypoint's name is expected")]
    [InlineData("<points label=\"tail\" points=\"1,2;3,4\"/>", "tail", "has 2 points in one skeleton: one is expected")]
    public async Task A_bad_point_of_a_skeleton_makes_the_skeleton_a_bad_row_and_the_rest_is_read(string point, string? column, string text)
    {
        ReadSet read = await ReadAsync(Image("\n" + Skeleton(Nose + point) + Skeleton(Nose + Tail)));

        Assert.Equal((3L, column, text), (read.Pictures[0].Instances[0].Row, read.Pictures[0].Instances[0].Fault!.Column, read.Pictures[0].Instances[0].Fault!.Text));
        Assert.Equal([3, 4, 5, 6], read.Pictures[0].Instances[1].Points);
    }

    [Fact]
    public async Task A_point_without_the_attribute_that_names_keypoints_makes_its_picture_bad()
    {
        ReadSet read = await ReadAsync(Image(Named("animal", "keypoint", "nose")) + Image(Named("animal", "keypoint", "tail") + "<points label=\"animal\" points=\"1,2\"/>", "b.png"));

        Assert.Equal("the point has no keypoint: the keypoint's name is expected", Assert.Single(read.Pictures[1].Instances).Fault!.Text);
    }

    [Fact]
    public async Task A_picture_with_too_many_points_is_a_bad_row_and_the_rest_is_read()
    {
        string many = string.Concat(Enumerable.Repeat(Nose, LooseRegions.MostPoints));

        ReadSet read = await ReadAsync(Image(many) + Image(Nose, "b.png"));

        Assert.Equal("the picture has more than 65,536 shapes and points", Assert.Single(read.Pictures[0].Instances).Fault!.Text);
        Assert.Equal([3, 4], read.PointsOf(1));
    }

    [Theory]
    [InlineData("<track id=\"0\" label=\"nose\"><points frame=\"0\" points=\"1,2\" outside=\"0\" occluded=\"0\" keyframe=\"1\"/></track>",
        "annotations.xml is \"CVAT for video 1.1\": its tracks count frames and name no pictures. Export the same task as \"CVAT for images 1.1\" with \"Save images\" switched on.")]
    [InlineData("", "annotations.xml names no picture. Export the task from CVAT as \"CVAT for images 1.1\".")]
    [InlineData("<image name=\"a.png\"><box xtl=\"1\" ytl=\"1\" xbr=\"9\" ybr=\"9\"/><polygon points=\"1,1\"/></image>",
        "annotations.xml has no skeletons and no points, so no keypoints. Other shapes are left out: 1 polygon. Only skeletons, points and boxes are read. Label keypoints in CVAT with a skeleton or with points.")]
    [InlineData("<image name=\"a.png\"><points label=\"=1+1\" points=\"1,1\"/></image>", "annotations.xml, line 2: the name of the keypoint begins with '=', as formulas do. Rename the label.")]
    [InlineData("<image name=\"a.png\"", "annotations.xml is not valid XML at line 2")]
    public async Task A_file_that_cannot_be_used_is_rejected_with_the_reason(string content, string reason)
    {
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(content));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_labels_are_rejected()
    {
        string many = string.Concat(Enumerable.Range(0, DatasetLimits.Keypoints + 1).Select(i => Point($"p{i}", 1, 1)));

        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(Image(many)));

        Assert.Equal("annotations.xml, line 2: there are too many different labels. A label for each keypoint is expected.", error.Message);
    }

    private static (RowProblemKind, string)? Problem(LabelledInstance instance) => instance.Fault is RowFault fault ? (fault.Kind, fault.Text) : null;
}
