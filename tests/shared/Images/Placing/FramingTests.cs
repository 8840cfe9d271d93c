using FsCheck;
using FsCheck.Xunit;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images.Placing;

public sealed class FramingTests
{
    private static readonly FrameSize Frame = new(96, 96);
    private static readonly string[] Names = ["left_eye", "right_eye", "nose", "mouth_left", "mouth_right"];

    /// <summary>A face of 60 × 70 pixels around 0,0.</summary>
    private static readonly float[] Face = [30, -35, -30, -35, 0, 0, 20, 35, -20, 35];

    [Property]
    public void Two_eyes_give_the_crop_of_all_points(byte x, byte y, byte size, sbyte angle)
    {
        Framing framing = Choose(FramingKind.Points, [Face, Moved(Face, 10, 20, 1.5, 5), Moved(Face, -10, 30, 0.7, -5)]);
        float[] whole = Moved(Face, 300 + x, 300 + y, 0.5 + (size / 128.0), angle / 4.0);
        float[] eyes = [.. whole.Select((value, i) => i < 4 ? value : float.NaN)];

        Assert.True(framing.TryPlace(null, whole, 1000, 1000, Frame, out FrameTransform expected, out _));
        Assert.True(framing.TryPlace(null, eyes, 1000, 1000, Frame, out FrameTransform actual, out _));

        Assert.Equal(1, actual.Scale / expected.Scale, 0.01);
        (double centreX, double centreY) = actual.ToImage(47.5, 47.5);
        (double frameX, double frameY) = expected.ToFrame(centreX, centreY);
        Assert.Equal(47.5, frameX, 1.0);
        Assert.Equal(47.5, frameY, 1.0);
    }

    [Fact]
    public void A_frame_by_points_is_their_extent_enlarged_by_the_margin()
    {
        Framing framing = Choose(FramingKind.Points, [Face]);
        Assert.True(framing.TryPlace(null, Moved(Face, 200, 100, 1, 0), 400, 300, Frame, out FrameTransform transform, out _));

        Assert.Equal(70 * Framing.PointsMargin / 96, transform.Scale, 1e-6);
        (double x, double y) = transform.ToImage(47.5, 47.5);
        Assert.Equal(200, x, 1e-4);
        Assert.Equal(100, y, 1e-4);
    }

    [Fact]
    public void The_shape_comes_from_the_complete_instances_whatever_their_size_and_angle()
    {
        var random = new Random(3);
        float[][] instances = [.. Enumerable.Range(0, 200).Select(i => Moved(Face, random.Next(500), random.Next(500), 0.5 + random.NextDouble(), random.Next(-20, 21)))];
        float[][] partial = [.. instances.Select(points => points.Select((value, i) => i < 4 ? value : float.NaN).ToArray())];

        Framing framing = Choose(FramingKind.Points, [.. instances, .. partial]);

        double[] expected = [.. Face.Select(value => value / 70.0)];
        Assert.Equal(expected, framing.Shape!.Points, (a, b) => Math.Abs(a - b) < 0.02);
    }

    [Fact]
    public void Without_complete_instances_the_most_complete_ones_give_the_shape_together()
    {
        float[][] instances = [.. Enumerable.Range(0, 5).Select(k => Moved(Face, 100, 100, 1 + k, 0).Select((value, i) => i / 2 == k ? float.NaN : value).ToArray())];

        Framing framing = Choose(FramingKind.Points, instances);

        Assert.Equal(Face.Select(value => value / 70.0), framing.Shape!.Points, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void A_shape_follows_the_names_of_another_order()
    {
        Framing framing = Choose(FramingKind.Points, [Face]);
        string[] other = ["Nose", "right-eye", "left eye", "ear"];
        float[] points = [200, 100, 170, 65, 230, 65, float.NaN, float.NaN];

        Assert.True(framing.For(other).TryPlace(null, points, 400, 300, Frame, out FrameTransform transform, out _));

        (double x, double y) = transform.ToImage(47.5, 47.5);
        Assert.Equal((200, 82.5), (Math.Round(x, 3), Math.Round(y, 3)));
        Assert.Equal(Face[0] / 70.0, framing.For(other).Shape!.Points[4], 1e-5);
        Assert.Equal(framing, framing.For(Names));
    }

    [Fact]
    public void If_every_instance_has_a_box_frames_are_taken_by_box_unless_points_are_stated()
    {
        var survey = new FramingSurvey(Names);
        survey.Add(Face, new PictureBox(0, 0, 50, 60), null, isAlone: false);

        FramingChoice chosen = survey.Choose(null);
        FramingChoice stated = survey.Choose(new FramingStatement(FramingKind.Points, 2));

        Assert.Equal(new Framing(FramingKind.Box), chosen.Framing);
        Assert.Equal("Framing: by box, because every instance has one.", chosen.Note);
        Assert.Equal((FramingKind.Points, 2.0), (stated.Framing.Kind, stated.Framing.Margin));
        Assert.Null(stated.Note);
    }

    [Theory]
    [InlineData(200, true, FramingKind.Points)]
    [InlineData(120, true, FramingKind.Whole)]
    [InlineData(120, false, FramingKind.Points)]
    [InlineData(null, true, FramingKind.Whole)]
    public void Without_boxes_the_size_of_the_points_and_the_instances_of_a_picture_decide(int? side, bool isAlone, FramingKind expected)
    {
        var survey = new FramingSurvey(Names);
        for (int i = 0; i < 3; i++)
            survey.Add(Face, null, side is int known ? (known * 2, known) : null, isAlone);
        FramingChoice choice = survey.Choose(null);
        Assert.Equal(expected, choice.Framing.Kind);
        Assert.StartsWith("Framing: ", choice.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_that_is_stated_and_missing_is_said_and_replaced_by_the_points()
    {
        var survey = new FramingSurvey(Names);
        float[] points = Moved(Face, 200, 100, 1, 0);
        survey.Add(points, null, null, isAlone: true);
        survey.Add(points, new PictureBox(150, 50, 100, 100), null, isAlone: true);
        FramingChoice choice = survey.Choose(new FramingStatement(FramingKind.Box, 1.5));

        Assert.Contains("1 of 2 instances have none", choice.Note, StringComparison.Ordinal);
        Assert.True(choice.Framing.TryPlace(new PictureBox(150, 50, 100, 100), points, 400, 300, Frame, out FrameTransform byBox, out _));
        Assert.True(choice.Framing.TryPlace(null, points, 400, 300, Frame, out FrameTransform byPoints, out _));
        Assert.Equal(150, byBox.Scale * 96, 1e-9);
        Assert.Equal(70 * 1.5 * Framing.PointsMargin, byPoints.Scale * 96, 1e-4);
    }

    [Theory]
    [InlineData(FramingKind.Box)]
    [InlineData(FramingKind.Points)]
    public void Without_box_and_points_there_is_no_frame_and_the_reason_is_given(FramingKind kind)
    {
        Framing framing = Choose(kind, [Face]);
        float[] one = [.. Face.Select((value, i) => i < 2 ? value : float.NaN)];
        Assert.False(framing.TryPlace(null, one, 400, 300, Frame, out _, out string? problem));
        Assert.Equal("no box, and fewer than two labelled points", problem);
        Assert.True(Framing.Whole.TryPlace(null, [], 400, 300, Frame, out FrameTransform whole, out _));
        Assert.Equal(FrameTransform.Fit(400, 300, 96, 96), whole);
        Assert.True(framing.TryPlace(new PictureBox(10, 10, 50, 50), one, 400, 300, Frame, out _, out _));
    }

    [Theory]
    [InlineData(400, 10, 20, 20, "lies outside the picture of 400×300 pixels")]
    [InlineData(-30, 10, 20, 20, "lies outside the picture")]
    [InlineData(10, 10, 0, 0, "has no place")]
    [InlineData(10, 10, -5, 20, "has no place")]
    [InlineData(double.NaN, 10, 5, 20, "has no place")]
    [InlineData(10, 10, 1, 1, "is smaller than 2 pixels")]
    [InlineData(-1000, -1000, 5000, 20, "more than 4 times as large as the picture of 400×300 pixels")]
    public void A_box_that_cannot_be_framed_is_refused_with_the_reason(double left, double top, double width, double height, string expected)
    {
        Assert.False(new Framing(FramingKind.Box).TryPlace(new PictureBox(left, top, width, height), [], 400, 300, Frame, out _, out string? problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_at_one_place_give_no_frame()
    {
        float[] points = [.. Enumerable.Range(0, 10).Select(i => i < 6 ? 50f : float.NaN)];
        Assert.False(Choose(FramingKind.Points, [Face]).TryPlace(null, points, 400, 300, Frame, out _, out string? problem));
        Assert.Equal("no box, and all labelled points are at one place", problem);
    }

    [Fact]
    public void A_framing_survives_json()
    {
        Framing framing = Choose(FramingKind.Points, [Face]);
        Assert.Equal(framing, PipelineJson.Read<Framing>(PipelineJson.Write(framing)));
        Assert.Equal("""{"kind":"whole","margin":1}""", PipelineJson.Write(Framing.Whole));
    }

    [Fact]
    public void An_even_sample_of_a_long_sequence_is_bounded_and_spread()
    {
        var sample = new EvenSample<int>(100);
        for (int i = 0; i < 10_000; i++)
        {
            if (sample.Takes())
                sample.Add(i);
        }

        Assert.InRange(sample.Items.Count, 50, 100);
        Assert.Equal(Enumerable.Range(0, sample.Items.Count).Select(i => i * 128), sample.Items);
    }

    private static Framing Choose(FramingKind kind, IEnumerable<float[]> instances)
    {
        var survey = new FramingSurvey(Names);
        foreach (float[] points in instances)
            survey.Add(points, null, null, isAlone: true);
        return survey.Choose(new FramingStatement(kind)).Framing;
    }

    private static float[] Moved(float[] points, double x, double y, double scale, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        float[] moved = new float[points.Length];
        for (int i = 0; i < points.Length; i += 2)
        {
            moved[i] = (float)(x + (scale * ((cos * points[i]) - (sin * points[i + 1]))));
            moved[i + 1] = (float)(y + (scale * ((sin * points[i]) + (cos * points[i + 1]))));
        }

        return moved;
    }
}
