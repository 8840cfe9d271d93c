using KeypointPipeline.Keypoints;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class MirrorPairsTests
{
    [Theory]
    [InlineData("left_eye", "right_eye")]
    [InlineData("eye_l", "eye_r")]
    [InlineData("L_eye", "R_eye")]
    [InlineData("LeftEye", "RightEye")]
    [InlineData("eyeLeft", "eyeRight")]
    [InlineData("LEFT EYE", "RIGHT EYE")]
    [InlineData("LEFT_EYE", "RIGHT_EYE")]
    [InlineData("l-eye", "r-eye")]
    [InlineData("eye_left_inner", "eye_right_inner")]
    [InlineData("LeftEyeInner", "RightEyeInner")]
    [InlineData("lEye", "rEye")]
    [InlineData("LEye", "REye")]
    [InlineData("eye.L.001", "eye.R.001")]
    [InlineData("eyeL2", "eyeR2")]
    [InlineData("bottom_lip_l", "bottom_lip_r")]
    [InlineData("lefteye", "righteye")] // CelebA's own list
    [InlineData("eyeleft", "eyeright")]
    [InlineData("left", "right")]
    [InlineData("left_eye_left_corner", "right_eye_right_corner")]
    [InlineData("left_eye_right_corner", "right_eye_left_corner")]
    [InlineData("upright_l", "upright_r")]
    [InlineData("eye_l", "RightEye")] // two spellings in one file
    public void Usual_spellings_of_left_and_right_are_pairs(string left, string right)
    {
        MirrorPairs mirror = MirrorPairs.FromNames(["nose", right, "lips", left]);

        Assert.Equal([new MirrorPair(left, right)], mirror.Pairs);
        Assert.Empty(mirror.OneSided);
        Assert.Equal(MirrorPairs.Names, mirror.Source);
    }

    [Theory]
    [InlineData("lips,nose_ridge,lower_lip,chin")]
    [InlineData("upright,bright,cleft")]
    [InlineData("lower,rower")]
    [InlineData("p_j,p_k,p_l,p_m,p_q,p_r")] // an alphabet
    [InlineData("left_eye,left_ear")] // only one side
    [InlineData("0,1,2,3,4")]
    public void Words_that_only_contain_the_letters_are_not_sides(string names) =>
        Assert.Same(MirrorPairs.None, MirrorPairs.FromNames(names.Split(',')));

    [Fact]
    public void Other_spellings_of_the_drawn_faces_names_give_the_same_map()
    {
        int[] expected = [.. Map(name => name)];

        Assert.Equal(12, expected.Where((partner, k) => partner != k).Count());
        Assert.Equal(expected, Map(Short));
        Assert.Equal(expected, Map(name => Short(name).ToUpperInvariant()));
        Assert.Equal(expected, Map(name => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))));
        Assert.Equal(expected, Map(name => name.Replace('_', ' ')));
        Assert.Equal(expected, Map(name => string.Join('-', Short(name).Split('_').Reverse())));

        static IReadOnlyList<int> Map(Func<string, string> spell) => new KeypointSchema([.. DrawnInputs.KeypointNames.Select(spell)], 96, 96).MirrorMap;

        static string Short(string name) => name.Replace("left", "l", StringComparison.Ordinal).Replace("right", "r", StringComparison.Ordinal);
    }

    [Fact]
    public void A_side_without_partner_is_one_sided()
    {
        MirrorPairs mirror = MirrorPairs.FromNames(["eye_l", "eye_r", "scar_l", "LeftEar", "nose", "upright"]);

        Assert.Equal(["scar_l", "LeftEar"], mirror.OneSided);
    }

    [Fact]
    public void An_ambiguous_side_is_one_sided_rather_than_guessed()
    {
        MirrorPairs mirror = MirrorPairs.FromNames(["eye_l", "eye_left", "Right_Eye", "ear_l", "ear_r"]);

        Assert.Equal([new MirrorPair("ear_l", "ear_r")], mirror.Pairs);
        Assert.Equal(["eye_l", "eye_left", "Right_Eye"], mirror.OneSided);
    }

    [Fact]
    public void A_model_of_several_datasets_takes_the_newest_statement_and_pairs_the_rest_by_name()
    {
        var newest = new KeypointSchema(["p1", "p2"], 8, 8);
        KeypointSchema stated = new KeypointSchema(["A", "b", "c"], 8, 8).WithMirror(new MirrorPairs(MirrorPairs.User, [new MirrorPair("A", "c")], ["b"]));

        MirrorPairs mirror = MirrorPairs.Combine(["a", "b", "c", "p1", "p2", "eye_l", "eye_r"], [newest, stated]);

        Assert.Equal([new MirrorPair("a", "c"), new MirrorPair("eye_l", "eye_r")], mirror.Pairs);
        Assert.Equal(["b"], mirror.OneSided);
        Assert.Equal(MirrorPairs.User, mirror.Source);
    }

    [Fact]
    public void A_statement_that_there_are_no_pairs_holds_for_the_model_too()
    {
        KeypointSchema stated = new KeypointSchema(["eye_l", "eye_r"], 8, 8).WithMirror(new MirrorPairs(MirrorPairs.User, []));

        Assert.Empty(MirrorPairs.Combine(["eye_l", "eye_r"], [stated]).Pairs);
    }

    [Fact]
    public void Without_statements_a_model_of_several_datasets_pairs_names_or_takes_a_published_order()
    {
        KeypointSchema published = new KeypointSchema(["0", "1", "2"], 8, 8).WithMirror(new MirrorPairs("3 test", [new MirrorPair("0", "2")]));

        Assert.Equal("3 test", MirrorPairs.Combine(["0", "1", "2"], [new KeypointSchema(["0", "1", "2"], 8, 8), published]).Source);
        Assert.Equal(MirrorPairs.Names, MirrorPairs.Combine(["0", "1", "2", "eye_l", "eye_r"], [published]).Source);
    }
}
