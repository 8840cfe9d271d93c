using KeypointPipeline.Keypoints;
using Xunit;
using static KeypointPipeline.Shared.Tests.Formats.Cvat.CvatXml;

namespace KeypointPipeline.Shared.Tests.Formats.Cvat;

/// <summary>What names the keypoints.</summary>
public sealed class CvatKeypointTests
{
    [Fact]
    public async Task The_labels_of_the_project_order_the_keypoints_of_skeletons_that_are_used()
    {
        ReadSet read = await ReadAsync(
            Meta("animal", "nose<animal", "tail<animal", "ear<animal", "hand", "thumb<hand", "eye", "unused") + Image(Skeleton(Nose + Tail) + "<points label=\"eye\" points=\"1,1\"/>"));

        Assert.Equal(["nose", "tail", "ear", "eye"], read.Keypoints);
    }

    [Fact]
    public async Task Numbered_labels_of_a_skeleton_are_sorted_as_numbers()
    {
        ReadSet read = await ReadAsync(Meta("pose", "10<pose", "1<pose", "2<pose") + Image(Skeleton("<points label=\"2\" points=\"1,1\"/>", "pose")));

        Assert.Equal(["1", "2", "10"], read.Keypoints);
    }

    [Theory]
    [InlineData("keypoint", "animal", "animal", "nose tail")]
    [InlineData("Landmark", "cat", "dog", "nose tail")]
    [InlineData("name", "animal", "animal", "nose tail")]
    [InlineData("name", "cat", "dog", "cat dog")]
    [InlineData("colour", "cat", "dog", "cat dog")]
    public async Task An_attribute_names_the_keypoint_if_its_name_says_so(string attribute, string firstLabel, string secondLabel, string keypoints)
    {
        ReadSet read = await ReadAsync(Image(Named(firstLabel, attribute, "nose") + Named(secondLabel, attribute, "tail")));

        Assert.Equal(keypoints.Split(' '), read.Keypoints);
        Assert.Equal(keypoints == "nose tail" ? [$"Attribute {attribute.ToLowerInvariant()} names the keypoint."] : [], read.Guesses);
    }

    [Fact]
    public async Task A_shape_of_several_points_is_an_instance_with_numbered_points()
    {
        ReadSet read = await ReadAsync(
            Image("<points label=\"face\" occluded=\"0\" points=\"1.5,2.5;3.5,4.5\"/><points label=\"face\" occluded=\"1\" points=\"5.5,6.5;7.5,8.5\"/>"));

        Assert.Equal(["0", "1"], read.Keypoints);
        Assert.Equal([[1, 2, 3, 4], [5, 6, 7, 8]], read.Pictures[0].Instances.Select(instance => instance.Points));
        Assert.Equal([LabelState.Occluded, LabelState.Occluded], read.Pictures[0].Instances[1].States);
        Assert.Equal(["The points of face are numbered in the order in which they were placed."], read.Guesses);
    }

    [Fact]
    public async Task Numbered_points_of_several_labels_are_parts_of_an_instance()
    {
        ReadSet read = await ReadAsync(Image("<points label=\"mouth\" points=\"1.5,2.5;3.5,4.5\"/><points label=\"brow\" points=\"5.5,6.5;7.5,8.5\"/>" + Nose));

        Assert.Equal(["mouth_0", "mouth_1", "brow_0", "brow_1", "nose"], read.Keypoints);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 3, 4], read.PointsOf(0));
    }

    [Fact]
    public async Task Skeletons_that_share_some_names_are_named_in_a_warning()
    {
        ReadSet same = await ReadAsync(Image(Skeleton(Nose + Tail, "cat") + Skeleton(Nose + Tail, "dog")));
        ReadSet other = await ReadAsync(Image(Skeleton(Nose + Tail, "cat") + Skeleton(Nose, "dog")));

        Assert.Empty(same.Warnings);
        Assert.Equal(["The skeletons cat and dog have points with the same names. They count as the same keypoints. Rename them in CVAT if they are not."], other.Warnings);
    }
}
