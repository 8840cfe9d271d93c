using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class KeypointSchemaTests
{
    [Fact]
    public void Left_and_right_keypoints_mirror_each_other_and_centre_ones_themselves()
    {
        var schema = new KeypointSchema(
            ["left_eye_center", "right_eye_center", "mouth_left_corner", "nose_tip", "mouth_right_corner", "left_only"], 96, 96);

        Assert.Equal([1, 0, 4, 3, 2, 5], schema.MirrorMap);
        Assert.Equal([5], schema.OneSided);
        Assert.True(schema.CanMirror);
    }

    [Fact]
    public void A_schema_without_sides_cannot_be_mirrored()
    {
        var schema = new KeypointSchema(["nose", "chin", "left_only"], 96, 96);

        Assert.False(schema.CanMirror);
        Assert.Equal([0, 1, 2], schema.MirrorMap);
        Assert.Empty(schema.OneSided);
    }

    [Fact]
    public void A_schema_survives_json()
    {
        var schema = new KeypointSchema(["left_eye", "right_eye"], 64, 48);

        var read = PipelineJson.Read<KeypointSchema>(PipelineJson.Write(schema));

        Assert.Equal(schema, read);
        Assert.Equal([1, 0], read.MirrorMap);
    }

    [Fact]
    public void A_schema_of_an_earlier_version_finds_its_pairs_in_the_names()
    {
        var read = PipelineJson.Read<KeypointSchema>("""{"names":["eye_l","eye_r"],"frameWidth":64,"frameHeight":48}""");

        Assert.Equal([1, 0], read.MirrorMap);
        Assert.Equal(MirrorPairs.Names, read.Mirror.Source);
    }

    [Fact]
    public void Stated_pairs_survive_json_with_their_names()
    {
        var schema = new KeypointSchema(["a", "b", "c", "left_d"], 64, 48, new MirrorPairs(MirrorPairs.User, [new MirrorPair("c", "a")], ["b"]));

        string json = PipelineJson.Write(schema);
        var read = PipelineJson.Read<KeypointSchema>(json);

        Assert.Contains("""
            "mirror":{"source":"user","pairs":[["c","a"]],"oneSided":["b"]}
            """, json, StringComparison.Ordinal);
        Assert.Equal([2, 1, 0, 3], read.MirrorMap);
        Assert.Equal([1], read.OneSided);
    }

    [Fact]
    public void Equal_names_and_frames_are_equal_schemas_whatever_their_pairs()
    {
        var named = new KeypointSchema(["left_eye", "right_eye"], 64, 48);

        Assert.Equal(named, named.WithMirror(MirrorPairs.None));
    }

    [Theory]
    [InlineData("a", "z")]
    [InlineData("a", "a")]
    public void Pairs_of_other_keypoints_are_refused(string first, string second) =>
        Assert.Throws<ArgumentException>(() =>
            new KeypointSchema(["a", "b"], 64, 48, new MirrorPairs(MirrorPairs.User, [new MirrorPair(first, second)])));

    [Theory]
    [InlineData("a,a", 96, "'a' occurs twice")]
    [InlineData("a, ", 96, "blank")]
    [InlineData("a", 7, "8")]
    [InlineData("a", 1025, "1024")]
    public void A_schema_that_cannot_be_is_refused_by_name(string names, int width, string expected)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new KeypointSchema(names.Split(','), width, 96));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
