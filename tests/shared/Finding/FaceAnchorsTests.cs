using KeypointPipeline.Finding;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Finding;

public sealed class FaceAnchorsTests
{
    private const float N = float.NaN;

    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "mouth_left", "mouth_right"], 96, 96);

    [Fact]
    public void Anchors_are_the_mean_places_of_eyes_and_mouth()
    {
        float[] rows =
        [
            60, 30, 30, 32, 56, 70, 40, 72,
            64, 34, 34, 36, 60, 74, 44, 76,
        ];

        Assert.Equal(new FaceAnchors(new(32, 34), new(62, 32), new(50, 73)), FaceAnchors.Mean(Schema, rows));
    }

    [Fact]
    public void Rows_that_label_all_parts_count_alone()
    {
        float[] rows =
        [
            60, 30, 30, 30, 50, 70, 40, 70,
            90, 30, 10, 30, N, N, 40, 90,
            90, 30, N, N, 50, 90, 40, 90,
        ];

        Assert.Equal(new FaceAnchors(new(30, 30), new(60, 30), new(45, 70)), FaceAnchors.Mean(Schema, rows));
    }

    [Fact]
    public void Parts_that_no_row_labels_together_have_their_own_rows()
    {
        float[] rows =
        [
            60, 30, 30, 30, N, N, N, N,
            N, N, N, N, 50, 70, 40, 70,
        ];

        Assert.Equal(new FaceAnchors(new(30, 30), new(60, 30), new(45, 70)), FaceAnchors.Mean(Schema, rows));
    }

    [Fact]
    public void Sides_as_the_viewer_sees_them_are_exchanged()
    {
        float[] row = [30, 30, 60, 31, 50, 70, 40, 70];

        Assert.Equal(new FaceAnchors(new(30, 30), new(60, 31), new(45, 70)), FaceAnchors.Mean(Schema, row));
    }

    [Theory]
    [InlineData(60f, 30f, 30f, 30f, 50f, 20f, 40f, 20f)]
    [InlineData(46f, 30f, 45f, 30f, 46f, 70f, 44f, 70f)]
    [InlineData(60f, 30f, 30f, 30f, N, N, 40f, 70f)]
    public void Points_that_are_no_upright_face_give_no_anchors(params float[] row) => Assert.Null(FaceAnchors.Mean(Schema, row));

    [Fact]
    public void Other_schemas_have_no_anchors() => Assert.Null(FaceAnchors.Mean(new KeypointSchema(["nose", "chin"], 96, 96), [1, 2, 3, 4]));
}
