using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class EyePairTests
{
    [Fact]
    public void The_eye_centres_count_before_the_outer_corners()
    {
        var schema = new KeypointSchema(
            ["left_eye_outer_corner", "right_eye_outer_corner", "right_eye_center", "left_eye_center"], 96, 96);
        Assert.Equal(new EyePair(3, 2, EyePairKind.EyeCenters), EyePair.Find(schema));
    }

    [Theory]
    [InlineData("left_eye_outer_corner", "right_eye_outer_corner")]
    [InlineData("LeftEyeOuter", "RightEyeOuter")]
    [InlineData("outer left eye corner", "outer right eye corner")]
    [InlineData("eye_outer_l", "eye_outer_r")]
    public void Outer_corners_are_found_in_the_usual_spellings(string left, string right) =>
        Assert.Equal(new EyePair(2, 1, EyePairKind.OuterEyeCorners), EyePair.Find(new KeypointSchema(["nose", right, left], 96, 96)));

    [Theory]
    [InlineData("left_eye_inner_corner", "right_eye_inner_corner")]
    [InlineData("left_eyebrow_outer_end", "right_eyebrow_outer_end")]
    [InlineData("left_eye_outer_corner", "nose")]
    public void Other_points_are_not_taken_for_them(string first, string second) =>
        Assert.Null(EyePair.Find(new KeypointSchema([first, second], 96, 96)));

    [Theory]
    [InlineData(68, 45, 36)]
    [InlineData(98, 72, 60)]
    public void Numbered_points_of_a_confirmed_order_have_them_with_the_persons_left_at_the_right(int points, int left, int right)
    {
        string[] names = [.. Enumerable.Range(0, points).Select(i => $"{i}")];
        var confirmed = new KeypointSchema(names, 96, 96, new MirrorPairs("stated", [new MirrorPair($"{right}", $"{left}")]));

        Assert.Equal(new EyePair(left, right, EyePairKind.OuterEyeCorners), EyePair.Find(confirmed));
        Assert.Null(EyePair.Find(new KeypointSchema(names, 96, 96)));
    }

    [Fact]
    public void Numbers_from_one_in_another_order_are_the_same_points()
    {
        string[] names = [.. Enumerable.Range(1, 68).Reverse().Select(i => $"p{i}")];
        var schema = new KeypointSchema(names, 96, 96, new MirrorPairs("stated", [new MirrorPair("p37", "p46")]));
        Assert.Equal(new EyePair(68 - 46, 68 - 37, EyePairKind.OuterEyeCorners), EyePair.Find(schema));
    }
}
