using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class ModelFramingTests
{
    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye"], 96, 96);

    [Fact]
    public void A_model_keeps_its_framing()
    {
        var framing = new Framing(FramingKind.Points, 1.25, new FramingShape(Schema.Names, [0.5, 0, -0.5, 0.125]));
        ModelMetadata written = Plain() with { Framing = framing };

        Assert.Equal(framing, ModelMetadata.FromProperties(Properties(written)).Framing);
        Assert.Equal(
            """{"kind":"points","margin":1.25,"shape":{"names":["left_eye","right_eye"],"points":[0.5,0,-0.5,0.125]}}""",
            Properties(written)[ModelMetadata.FramingKey]);
    }

    [Fact]
    public void A_model_of_given_frames_has_the_properties_of_earlier_versions()
    {
        Assert.False(Properties(Plain()).ContainsKey(ModelMetadata.FramingKey));
        Assert.Equal(Framing.Given, ModelMetadata.FromProperties(Properties(Plain())).Framing);
    }

    [Theory]
    [InlineData("[]", "is not a framing")]
    [InlineData("""{"kind":"nose"}""", "is not a framing")]
    [InlineData("null", "is not a framing")]
    [InlineData("""{"kind":"box","margin":0}""", "expected a kind, a margin above 0")]
    [InlineData("""{"kind":"points","margin":1,"shape":{"names":["left_eye"],"points":[1]}}""", "two coordinates per name")]
    [InlineData("""{"kind":"points","margin":1,"shape":{}}""", "expected a kind")]
    public void A_damaged_framing_refuses_the_model(string json, string reason)
    {
        Dictionary<string, string> properties = Properties(Plain());
        properties[ModelMetadata.FramingKey] = json;

        var e = Assert.Throws<InvalidDataException>(() => ModelMetadata.FromProperties(properties));

        Assert.Contains(ModelMetadata.FramingKey, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    private static ModelMetadata Plain() => new(Schema, "tiny", null, "none");

    private static Dictionary<string, string> Properties(ModelMetadata metadata) => new(metadata.ToProperties(), StringComparer.Ordinal);
}
