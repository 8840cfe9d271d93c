using KeypointPipeline.Formats.Headers;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Headers;

public sealed class KeypointHeaderTests
{
    [Fact]
    public void Columns_that_mean_something_else_are_no_keypoints()
    {
        string[] names = ["image", "box_x", "box_y", "nose_x", "nose_y", "note"];

        var header = new KeypointHeader(names, [0, 3, 4, 5]);

        Assert.Equal([new KeypointColumns("nose", 3, 4)], header.Keypoints);
        Assert.Equal([0, 5], header.Others);
        Assert.Empty(header.Problems);
    }

    [Fact]
    public void A_header_of_two_spellings_has_keypoints_that_cannot_be_chosen()
    {
        var header = new KeypointHeader(["x_0", "y_0", "a.x", "a.y"], [0, 1, 2, 3]);

        Assert.False(header.LacksKeypoints);
        Assert.StartsWith("the keypoint columns can be read in 2 ways: ", Assert.Single(header.Problems), StringComparison.Ordinal);
    }
}
