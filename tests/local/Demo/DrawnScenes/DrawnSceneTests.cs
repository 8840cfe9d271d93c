using FsCheck.Xunit;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Demo.DrawnScenes;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnScenes;

public sealed class DrawnSceneTests
{
    private const int LeftEye = 0, RightEye = 1;

    [Fact]
    public void The_same_seed_and_number_draw_the_same_bytes()
    {
        using var once = DrawnScene.Draw(5, 17, 400, 300, faces: 4);
        using var again = DrawnScene.Draw(5, 17, 400, 300, faces: 4);
        Assert.True(once.Picture.GetPixelSpan().SequenceEqual(again.Picture.GetPixelSpan()));
        Assert.Equal(once.Faces, again.Faces);
    }

    [Property(MaxTest = 60)]
    public void Every_face_lies_inside_the_picture_and_away_from_the_others(ulong seed, byte width, byte height, byte number)
    {
        int count = number % 8;
        using var scene = DrawnScene.Draw(seed, number, 160 + width, 160 + height, count);
        Assert.Equal(count, scene.Faces.Count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(DrawnFace.KeypointNames.Count, scene.Faces[i].Count);
            Assert.All(scene.Faces[i], point => Assert.True(
                point.X >= 0 && point.Y >= 0 && point.X <= scene.Picture.Width - 1 && point.Y <= scene.Picture.Height - 1, $"{point}"));
            for (int other = 0; other < i; other++)
            {
                float apart = scene.Faces[i].Min(point => scene.Faces[other].Min(there => SKPoint.Distance(point, there)));
                Assert.True(apart > 0.5f * Math.Min(Eyes(scene.Faces[i]), Eyes(scene.Faces[other])), $"{apart}");
            }
        }
    }

    [Fact]
    public void Scenes_show_upright_and_turned_faces_of_several_sizes()
    {
        var turns = new List<double>();
        var ratios = new List<double>();
        for (int number = 0; number < 40; number++)
        {
            using var scene = DrawnScene.Draw(1, number, 300, 240, faces: 4);
            turns.AddRange(scene.Faces.Select(face => Math.Abs(Turn(face))));
            ratios.Add(scene.Faces.Max(Eyes) / scene.Faces.Min(Eyes));
        }

        Assert.InRange(turns.Count(turn => turn < 15) / (double)turns.Count, 0.5, 0.9);
        Assert.InRange(turns.Count(turn => turn > 20) / (double)turns.Count, 0.1, 0.4);
        Assert.InRange(turns.Max(), 25, 75);
        Assert.True(ratios.Max() > 1.8, $"{ratios.Max()}");
    }

    [Fact]
    public void Eyes_are_drawn_where_the_keypoints_say()
    {
        int dark = 0, eyes = 0;
        for (int number = 0; number < 20; number++)
        {
            using var scene = DrawnScene.Draw(3, number, 640, 480, faces: 3);
            foreach (IReadOnlyList<SKPoint> face in scene.Faces)
            {
                // Between the eyes is skin; iris, pupil and lids are darker, whatever the skin.
                SKPoint between = new((face[LeftEye].X + face[RightEye].X) / 2, (face[LeftEye].Y + face[RightEye].Y) / 2);
                float radius = 0.07f * Eyes(face);
                foreach (SKPoint eye in (SKPoint[])[face[LeftEye], face[RightEye]])
                {
                    eyes++;
                    if (Darkest(scene.Picture, eye, radius) < Darkest(scene.Picture, between, radius) - 15)
                        dark++;
                }
            }
        }

        Assert.Equal(120, eyes);
        Assert.InRange(dark, 108, 120);
    }

    [Fact]
    public void Nobody_is_in_a_scene_without_faces()
    {
        using var scene = DrawnScene.Draw(1, 1, 200, 160, faces: 0);
        Assert.Empty(scene.Faces);
    }

    [Theory]
    [InlineData(DrawnScene.SmallestSide - 1, 300)]
    [InlineData(300, DrawnScene.SmallestSide - 1)]
    public void A_picture_too_small_for_a_scene_is_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DrawnScene.Draw(1, 1, width, height, 1));

    private static float Eyes(IReadOnlyList<SKPoint> face) => SKPoint.Distance(face[LeftEye], face[RightEye]);

    /// <summary>Degrees by which the line through the eyes is turned clockwise.</summary>
    private static double Turn(IReadOnlyList<SKPoint> face) =>
        Math.Atan2(face[LeftEye].Y - face[RightEye].Y, face[LeftEye].X - face[RightEye].X) * 180 / Math.PI;

    private static int Darkest(SKBitmap picture, SKPoint centre, float radius)
    {
        int darkest = 255;
        for (int y = (int)(centre.Y - radius); y <= centre.Y + radius; y++)
        {
            for (int x = (int)(centre.X - radius); x <= centre.X + radius; x++)
            {
                SKColor pixel = picture.GetPixel(x, y);
                darkest = Math.Min(darkest, Photograph.Grey(pixel.Red, pixel.Green, pixel.Blue));
            }
        }

        return darkest;
    }
}
