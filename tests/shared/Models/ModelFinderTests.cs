using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class ModelFinderTests
{
    private static readonly KeypointSchema Face = new(["left_eye", "right_eye", "mouth"], 96, 96);
    private static readonly KeypointSchema Chair = new(["seat", "back"], 96, 96);

    [Fact]
    public void A_model_keeps_where_eyes_and_mouth_lie_and_its_gate()
    {
        var anchors = new FaceAnchors(new(30.5, 34), new(66, 34.125), new(48, 70));
        ModelMetadata read = ModelMetadata.FromProperties(Properties(Of(Face) with { Face = anchors, Gate = new FrameGate(1.4837, 1.4294) }));

        Assert.Equal((anchors, new FrameGate(1.4837, 1.4294)), (read.Face, read.Gate));
        Assert.Equal(
            """{"rightEye":{"x":30.5,"y":34},"leftEye":{"x":66,"y":34.125},"mouth":{"x":48,"y":70}}""",
            Properties(Of(Face) with { Face = anchors })[ModelMetadata.FaceKey]);
    }

    [Fact]
    public void Models_of_faces_find_faces_and_others_take_boxes_or_the_whole_picture()
    {
        Assert.Equal("faces", Properties(Of(Face))[ModelMetadata.FinderKey]);
        Assert.Equal("faces", Properties(Of(Face) with { Framing = new Framing(FramingKind.Box, 1.2) })[ModelMetadata.FinderKey]);
        Assert.Equal("boxes", Properties(Of(Chair) with { Framing = new Framing(FramingKind.Box, 1.2) })[ModelMetadata.FinderKey]);
        Assert.Equal("whole", Properties(Of(Chair))[ModelMetadata.FinderKey]);
    }

    [Fact]
    public void A_model_of_an_earlier_version_gets_the_finder_that_suits_it_and_has_no_gate()
    {
        Dictionary<string, string> old = Properties(Of(Face));
        old.Remove(ModelMetadata.FinderKey);
        ModelMetadata read = ModelMetadata.FromProperties(old);

        Assert.Equal((FinderKind.Faces, null, null), (read.Finder, read.Gate, read.Face));
        Assert.Equal(Of(Face), read);
    }

    [Fact]
    public void A_model_that_states_another_finder_keeps_it() =>
        Assert.Equal(FinderKind.Whole, ModelMetadata.FromProperties(Properties(Of(Face) with { Finder = FinderKind.Whole })).Finder);

    [Theory]
    [InlineData(ModelMetadata.FinderKey, "noses", "expected whole, boxes or faces")]
    [InlineData(ModelMetadata.GateKey, """{"found":1.4,"whole":-1}""", "above 0")]
    [InlineData(ModelMetadata.GateKey, "NaN", "is not a gate")]
    [InlineData(ModelMetadata.FaceKey, "[]", "does not say where eyes and mouth lie")]
    [InlineData(ModelMetadata.FaceKey, "null", "does not say where eyes and mouth lie")]
    [InlineData(ModelMetadata.FaceKey, """{"rightEye":{"x":60,"y":34},"leftEye":{"x":30,"y":34},"mouth":{"x":48,"y":70}}""", "left of the left eye")]
    [InlineData(ModelMetadata.FaceKey, "{}", "left of the left eye")]
    public void A_damaged_property_refuses_the_model(string key, string value, string reason)
    {
        Dictionary<string, string> properties = Properties(Of(Face));
        properties[key] = value;

        var e = Assert.Throws<InvalidDataException>(() => ModelMetadata.FromProperties(properties));

        Assert.Contains(key, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    private static ModelMetadata Of(KeypointSchema schema) => new(schema, "tiny", null, "none");

    private static Dictionary<string, string> Properties(ModelMetadata metadata) => new(metadata.ToProperties(), StringComparer.Ordinal);
}
