using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Glasses, worn by one face in five. The eyes stay visible.</summary>
internal sealed record Glasses
{
    public required bool Worn { get; init; }

    public required bool Round { get; init; }

    public required float HalfWidth { get; init; }

    public required float FrameWidth { get; init; }

    public required SKColor Colour { get; init; }

    /// <summary>Chooses whether glasses are worn, and which.</summary>
    public static Glasses Sample(FaceRandom random) => new()
    {
        Worn = random.Chance(0.2f),
        Round = random.Chance(0.5f),
        HalfWidth = random.Between(10.5f, 12),
        FrameWidth = random.Between(0.9f, 1.9f),
        Colour = random.Pick<SKColor>(
            [new(0xFF181818), new(0xFF3A2418), new(0xFF6B1F1F), new(0xFF9A9A9A), new(0xFFA8823C), new(0xFF1F3A5A)]),
    };

    /// <summary>Draws the glasses in front of the eyes.</summary>
    public void Paint(FaceBrush brush, Eyes eyes, Head head)
    {
        if (!Worn)
            return;
        FacePose pose = brush.Pose;
        float y = eyes.Height + 1;
        foreach (Side side in Side.Both)
        {
            SKPoint At(float x, float down) =>
                pose.OnSkin(side.Sign * (eyes.Spacing + 0.7f + x * HalfWidth), y + down * HalfWidth, 3);
            SKPoint[] rim = Round
                ? [At(0, -0.82f), At(0.64f, -0.58f), At(0.92f, 0), At(0.64f, 0.62f), At(0, 0.88f), At(-0.64f, 0.62f),
                    At(-0.92f, 0), At(-0.64f, -0.58f)]
                : [At(0, -0.66f), At(0.8f, -0.64f), At(1, -0.42f), At(0.88f, 0.44f), At(0.6f, 0.66f), At(-0.55f, 0.66f),
                    At(-0.85f, 0.4f), At(-0.93f, -0.45f), At(-0.75f, -0.63f)];
            brush.Fill(SmoothCurve.Closed(rim), new SKColor(0xFFDCEBF5).Faded(0.1f));
            brush.Stroke(
                SmoothCurve.Open(At(0.15f, -0.5f), At(-0.25f, 0.05f), At(-0.45f, 0.5f)), SKColors.White.Faded(0.13f), 1.6f);
            brush.Stroke(SmoothCurve.Closed(rim), Colour, FrameWidth);
            brush.Stroke(
                SmoothCurve.Open(At(0.95f, -0.3f), pose.At(side.Sign * (head.Temple + 2), y - 3, -4)), Colour, FrameWidth);
        }

        float bridge = eyes.Spacing + 0.7f - 0.9f * HalfWidth;
        brush.Stroke(
            SmoothCurve.Open(pose.OnSkin(-bridge, y - 1, 3), pose.OnSkin(0, y - 3, 6), pose.OnSkin(bridge, y - 1, 3)), Colour,
            FrameWidth);
    }
}
