using FsCheck.Xunit;
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

        Assert.Equal([1, 0, 4, 3, 2, 5], schema.Mirror);
    }

    [Property]
    public bool Mirroring_twice_gives_every_keypoint_back(string[] words)
    {
        string[] names = [.. words
            .SelectMany(w => new[] { $"left_{w}", $"{w}_right", $"{w}" })
            .Where(n => KeypointName.FindProblem(n) is null)
            .Append("nose")
            .Distinct(StringComparer.Ordinal)];
        var schema = new KeypointSchema(names, 96, 96);

        return Enumerable.Range(0, names.Length).All(k => schema.Mirror[schema.Mirror[k]] == k);
    }

    [Fact]
    public void A_schema_survives_json()
    {
        var schema = new KeypointSchema(["left_eye", "right_eye"], 64, 48);

        var read = PipelineJson.Read<KeypointSchema>(PipelineJson.Write(schema));

        Assert.Equal(schema, read);
        Assert.Equal([1, 0], read.Mirror);
    }

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
