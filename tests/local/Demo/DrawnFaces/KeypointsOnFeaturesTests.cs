using KeypointPipeline.Local.Demo.DrawnFaces;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnFaces;

/// <summary>Looks at the pixels around keypoints of faces drawn large, before the camera adds blur and noise.</summary>
public sealed class KeypointsOnFeaturesTests
{
    private const int Side = 480;
    private const float Unit = Side / FacePose.Frame;

    [Fact]
    public void Open_eyes_show_their_iris_at_the_eye_centre() =>
        EveryFace(portrait => portrait.Eyes.Openness > 0.7f, (_, bitmap, marks) =>
    {
        // The gaze moves the iris, of radius 3, by up to two units; the pupil and the lid hide some of it.
        foreach (string side in (string[])["left", "right"])
            Assert.True(
                Around(bitmap, marks[$"{side}_eye_center"], 2.2f).Max(
                    pixel => Math.Min(pixel.Red, pixel.Blue) - pixel.Green) > 80,
                $"{side} iris");
    });

    [Fact]
    public void Eye_corners_lie_where_the_dark_lids_end() => EveryFace(_ => true, (portrait, bitmap, marks) =>
    {
        foreach (string side in (string[])["left", "right"])
        {
            foreach (string corner in (string[])["inner", "outer"])
            {
                SKPoint at = marks[$"{side}_eye_{corner}_corner"], outward = Direction(marks[$"{side}_eye_center"], at);
                SKColor lid = portrait.Persona.Skin.Toward(new SKColor(0xFF1A0B0A), 0.88f);
                double on = Around(bitmap, at, 0.4f).Min(pixel => Distance(pixel, lid));
                double beyond = Around(bitmap, Step(at, outward, 1.8f), 0.3f).Min(pixel => Distance(pixel, lid));
                Assert.True(on < 40 && on < beyond, $"{side} {corner}: {on} on it, {beyond} beyond");
            }
        }
    });

    [Fact]
    public void Brow_ends_lie_where_the_brow_begins_and_ends() => EveryFace(_ => true, (_, bitmap, marks) =>
    {
        foreach (string side in (string[])["left", "right"])
        {
            SKPoint inner = marks[$"{side}_eyebrow_inner_end"], outer = marks[$"{side}_eyebrow_outer_end"];
            AssertEnd(inner, outer, "inner");
            AssertEnd(outer, inner, "outer");

            void AssertEnd(SKPoint end, SKPoint other, string name)
            {
                SKPoint along = Direction(end, other);
                Assert.True(Around(bitmap, Step(end, along, 2), 1.6f).Max(Greenness) > 60, $"{side} {name}: no brow within");
                Assert.True(Around(bitmap, Step(end, along, -1), 0.7f).Max(Greenness) < 40, $"{side} {name}: brow beyond");
            }
        }
    });

    [Fact]
    public void Lip_keypoints_lie_on_the_edge_between_lip_and_skin() => EveryFace(_ => true, (_, bitmap, marks) =>
    {
        SKPoint top = marks["mouth_center_top_lip"], bottom = marks["mouth_center_bottom_lip"], down = Direction(top, bottom);
        AssertEdge(top, 1, "top");
        AssertEdge(bottom, -1, "bottom");

        void AssertEdge(SKPoint edge, float inward, string name)
        {
            Assert.True(Around(bitmap, Step(edge, down, 0.7f * inward), 0.25f).Average(Blueness) > 40, $"{name}: no lip inside");
            Assert.True(Around(bitmap, Step(edge, down, -0.7f * inward), 0.25f).Average(Blueness) < 20, $"{name}: lip outside");
        }
    });

    [Fact]
    public void Hair_covers_no_keypoint()
    {
        for (int number = 0; number < 300; number++)
        {
            var portrait = Portrait.Sample(FaceRandom.For(12, "face", number));
            using SKBitmap with = Paint(portrait, 192), without = Paint(portrait with { Hair = Bald }, 192);
            SKPoint[] points = portrait.Mark(Placed(portrait, 192));
            for (int k = 0; k < points.Length; k++)
            {
                var at = new SKPointI((int)points[k].X, (int)points[k].Y);
                double covered = Distance(with.GetPixel(at.X, at.Y), without.GetPixel(at.X, at.Y));
                Assert.True(covered < 60, $"face {number} {KeypointMarks.Names[k]}: {covered}");
            }
        }
    }

    [Fact]
    public void Mouth_corners_lie_on_the_dark_ends_of_the_mouth() => EveryFace(_ => true, (_, bitmap, marks) =>
    {
        SKPoint left = marks["mouth_left_corner"], right = marks["mouth_right_corner"], across = Direction(right, left);
        Assert.True(Brightness(bitmap, left) < Brightness(bitmap, Step(left, across, 2)) + 8, "left");
        Assert.True(Brightness(bitmap, right) < Brightness(bitmap, Step(right, across, -2)) + 8, "right");
    });

    [Fact]
    public void The_nose_tip_is_a_highlight_above_the_nostrils_shadow() => EveryFace(_ => true, (portrait, bitmap, marks) =>
    {
        SKPoint tip = marks["nose_tip"];
        (float sin, float cos) = MathF.SinCos(portrait.Pose.Roll);
        Assert.True(Brightness(bitmap, tip) > Brightness(bitmap, Step(tip, new SKPoint(-sin, cos), 4)), $"{tip}");
    });

    private static readonly Hair Bald = Enumerable.Range(0, 1000)
        .Select(number => Portrait.Sample(FaceRandom.For(1, "face", number)).Hair)
        .First(hair => hair is { Style: HairStyle.Bald, Long: false });

    private static void EveryFace(Func<Portrait, bool> chosen, Action<Portrait, SKBitmap, Dictionary<string, SKPoint>> look)
    {
        int looked = 0;
        for (int number = 0; number < 60; number++)
        {
            var sampled = Portrait.Sample(FaceRandom.For(11, "face", number));
            if (sampled.Glasses.Worn || !chosen(sampled))
                continue; // Frames and reflections lie over the features, as they should.

            // Colours no face has: what is blue is lip, what is green is brow, what is magenta is iris.
            Portrait portrait = sampled with
            {
                Hair = Bald,
                Persona = sampled.Persona with { Lips = new SKColor(0xFF2030FF) },
                Eyes = sampled.Eyes with { Iris = SKColors.Magenta },
                Brows = sampled.Brows with { Colour = new SKColor(0xFF00D000) },
            };
            using SKBitmap bitmap = Paint(portrait, Side);
            SKPoint[] points = portrait.Mark(Placed(portrait, Side));
            look(portrait, bitmap,
                KeypointMarks.Names.Select((name, k) => (name, points[k])).ToDictionary(p => p.name, p => p.Item2));
            looked++;
        }

        Assert.True(looked >= 20, $"only {looked} faces to look at");
    }

    private static FacePose Placed(Portrait portrait, int side) => portrait.Pose with { PixelsPerUnit = side / FacePose.Frame };

    private static SKBitmap Paint(Portrait portrait, int side)
    {
        var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        portrait.Paint(canvas, Placed(portrait, side), side, side);
        return bitmap;
    }

    private static IEnumerable<SKColor> Around(SKBitmap bitmap, SKPoint centre, float radius)
    {
        int reach = (int)(radius * Unit);
        for (int dy = -reach; dy <= reach; dy++)
        {
            for (int dx = -reach; dx <= reach; dx++)
            {
                if (dx * dx + dy * dy <= reach * reach)
                    yield return bitmap.GetPixel((int)centre.X + dx, (int)centre.Y + dy);
            }
        }
    }

    private static SKPoint Direction(SKPoint from, SKPoint to)
    {
        float length = SKPoint.Distance(from, to);
        return new SKPoint((to.X - from.X) / length, (to.Y - from.Y) / length);
    }

    private static SKPoint Step(SKPoint from, SKPoint direction, float units) =>
        new(from.X + direction.X * units * Unit, from.Y + direction.Y * units * Unit);

    private static double Brightness(SKBitmap bitmap, SKPoint at) => Around(bitmap, at, 0.3f).Average(pixel => pixel.Green);

    private static double Greenness(SKColor pixel) => pixel.Green - Math.Max(pixel.Red, pixel.Blue);

    private static double Blueness(SKColor pixel) => pixel.Blue - pixel.Red;

    private static double Distance(SKColor one, SKColor other) => Math.Sqrt(
        Math.Pow(one.Red - other.Red, 2) + Math.Pow(one.Green - other.Green, 2) + Math.Pow(one.Blue - other.Blue, 2));
}
