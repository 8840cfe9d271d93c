using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class KeypointMatchTests
{
    [Theory]
    [InlineData("Left Eye", "lefteye")]
    [InlineData("LEFT-EYE.centre", "lefteyecentre")]
    [InlineData("_x_ 1", "x1")]
    public void Case_separators_and_spaces_make_no_difference(string name, string normalized) =>
        Assert.Equal(normalized, KeypointName.Normalize(name));

    [Fact]
    public void Another_order_and_spelling_match_by_name()
    {
        KeypointMatch match = Between(["Nose Tip", "left-eye", "chin"], ["left_eye", "mouth", "nose_tip"]);

        Assert.Equal([2, 0, -1], match.ToTarget);
        Assert.Equal([1, -1, 0], match.ToSource);
        Assert.Equal(["chin"], match.OnlyInSource);
        Assert.Equal(["mouth"], match.OnlyInTarget);
    }

    [Fact]
    public void Names_that_collide_when_normalised_match_exactly()
    {
        KeypointMatch match = Between(["p_1", "p1", "q_2"], ["p1", "q2", "p_1"]);
        KeypointMatch ambiguous = Between(["p_1", "p1"], ["P.1"]);

        Assert.Equal([2, 0, 1], match.ToTarget);
        Assert.Equal([-1, -1], ambiguous.ToTarget);
        Assert.Equal(["P.1"], ambiguous.OnlyInTarget);
    }

    [Fact]
    public void One_keypoint_never_matches_two()
    {
        KeypointMatch match = Between(["a_b", "ab"], ["ab"]);

        Assert.Equal([-1, 0], match.ToTarget);
        Assert.Equal([1], match.ToSource);
    }

    private static KeypointMatch Between(string[] source, string[] target) =>
        KeypointMatch.Between(new KeypointSchema(source, 8, 8), new KeypointSchema(target, 96, 96));
}
