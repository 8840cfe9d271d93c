using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Frames;

public sealed class SharedFramingTests
{
    private static readonly string[] Names = ["left_eye", "right_eye"];
    private static readonly FramingShape Shape = new(Names, [0.5, 0, -0.5, 0]);

    [Fact]
    public void Datasets_of_one_framing_give_it_without_a_note()
    {
        SharedFraming shared = Of((10, new Framing(FramingKind.Points, 1.25, Shape)), (20, new Framing(FramingKind.Points, 1.25)));
        Assert.Equal(new SharedFraming(new Framing(FramingKind.Points, 1.25), Note: null), shared);
        Assert.Equal(new SharedFraming(Framing: null, Note: null), Of((10, null), (5, Framing.Given)));
    }

    [Fact]
    public void Of_several_framings_the_model_has_that_of_most_rows_and_the_note_says_so()
    {
        SharedFraming shared = Of((1_500, null), (1_000, new Framing(FramingKind.Points, 1.25, Shape)), (900, new Framing(FramingKind.Points, 1.25)));

        Assert.Equal(new Framing(FramingKind.Points, 1.25, Shape), shared.Framing);
        Assert.Equal(
            "The datasets have several framings: 1,900 rows by the points, enlarged by 1.25; 1,500 rows as given. The model frames by the points, enlarged by 1.25.",
            shared.Note);
    }

    [Fact]
    public void The_shape_follows_the_names_of_the_training()
    {
        var schema = new KeypointSchema(["nose", "right_eye", "left_eye"], 96, 96);
        SharedFraming shared = SharedFraming.Of([Dataset(10, new Framing(FramingKind.Points, 1.25, Shape))], schema);

        Assert.Equal(new FramingShape(schema.Names, [0, 0, -0.5, 0, 0.5, 0]), shared.Framing!.Shape);
    }

    [Fact]
    public void A_manifest_of_an_earlier_version_has_no_framing_and_one_with_a_framing_keeps_it()
    {
        DatasetManifest manifest = Dataset(10, new Framing(FramingKind.Box, 1.2, Shape));
        string json = PipelineJson.Write(manifest with { Framing = null });

        Assert.DoesNotContain("framing", json, StringComparison.Ordinal);
        Assert.Null(PipelineJson.Read<DatasetManifest>(json).Framing);
        Assert.Equal(manifest.Framing, PipelineJson.Read<DatasetManifest>(PipelineJson.Write(manifest)).Framing);
    }

    [Fact]
    public void Frames_of_pictures_have_96_pixels_unless_stated_and_at_most_256()
    {
        Assert.Equal(new FrameSize(96, 96), PictureFraming.FrameOf(null));
        Assert.Equal(new FrameSize(128, 256), PictureFraming.FrameOf(new FrameSize(128, 256)));
        Assert.Equal(
            "Frames of 300×96 pixels are stated. Frames of pictures have 8 to 256 pixels a side.",
            Assert.Throws<RejectedFileException>(() => PictureFraming.FrameOf(new FrameSize(300, 96))).Message);
    }

    private static SharedFraming Of(params (int Rows, Framing? Framing)[] datasets) =>
        SharedFraming.Of([.. datasets.Select(dataset => Dataset(dataset.Rows, dataset.Framing))], new KeypointSchema(Names, 96, 96));

    private static DatasetManifest Dataset(int rows, Framing? framing) =>
        new($"ds-{rows}", new KeypointSchema(Names, 96, 96), rows, [rows, rows], rows, "faces", null, DateTimeOffset.UnixEpoch, Framing: framing);
}
