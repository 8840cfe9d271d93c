using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class MirrorStatementTests
{
    private static readonly string[] Names = ["Eye_A", "eye_b", "scar", "chin", "ear_l", "ear_r"];

    [Fact]
    public void Stated_pairs_replace_those_of_the_names()
    {
        MirrorPairs mirror = MirrorStatement.Parse("eye-a:EYE B, scar", "--mirror").Apply(Names);

        Assert.Equal([new MirrorPair("Eye_A", "eye_b")], mirror.Pairs);
        Assert.Equal(["scar", "ear_l", "ear_r"], mirror.OneSided); // the names say sides, the statement gives them no partners
        Assert.Equal(MirrorPairs.User, mirror.Source);
    }

    [Theory]
    [InlineData("none")]
    [InlineData(" None ")]
    public void A_person_can_state_that_nothing_is_mirrored(string text)
    {
        MirrorPairs mirror = MirrorStatement.Parse(text, "--mirror").Apply(Names);

        Assert.Empty(mirror.Pairs);
        Assert.Empty(mirror.OneSided);
        Assert.Equal(MirrorPairs.User, mirror.Source);
    }

    [Theory]
    [InlineData("a:b:c", "'a:b:c' is not a pair")]
    [InlineData("eye_a:", "is not a pair")]
    [InlineData("", "is not a pair")]
    [InlineData("scar,chin", "there is no pair of two names")]
    [InlineData("eye_a:nose", "'nose' is not a keypoint. The keypoints are Eye_A, eye_b")]
    [InlineData("eye_a:eye_b,eyeb:chin", "'eye_b' occurs twice")]
    [InlineData("eye_a:eye_a", "'Eye_A' occurs twice")]
    public void A_wrong_statement_says_what_is_wrong(string text, string reason)
    {
        var error = Assert.Throws<FormatException>(() => MirrorStatement.Parse(text, "--mirror").Apply(Names));

        Assert.StartsWith("--mirror: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
