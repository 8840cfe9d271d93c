using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>The nose, drawn as light and shadow. Keypoint: its tip.</summary>
internal sealed record Nose
{
    public required float Tip { get; init; }

    public required float HalfWidth { get; init; }

    public required float Bridge { get; init; }

    public required float Lift { get; init; }

    /// <summary>Chooses a nose.</summary>
    public static Nose Sample(FaceRandom random) => new()
    {
        Tip = random.Around(3, 1.1f),
        HalfWidth = random.Around(6.2f, 0.75f),
        Bridge = random.Around(2.6f, 0.35f),
        Lift = random.Around(8, 1),
    };

    /// <summary>Sets the keypoint of the tip.</summary>
    public void Mark(KeypointMarks marks, FacePose pose) => marks.Set("nose_tip", pose.OnSkin(0, Tip, Lift));

    /// <summary>Draws the nose.</summary>
    public void Paint(FaceBrush brush, Persona persona)
    {
        FacePose pose = brush.Pose;
        SKColor shadow = persona.Skin.Toward(new SKColor(0xFF4A1A1E), 0.6f);
        float dark = brush.Light.X > 0 ? -1 : 1;
        SKPoint Low(float x, float y) => pose.OnSkin(x, Tip + y, 2.5f);

        brush.Glow(Low(0, 6), HalfWidth * 1.7f, shadow.Faded(0.35f), 0.5f);
        SKPoint[] ridge =
            [pose.OnSkin(dark * 0.8f, -13, 2), pose.OnSkin(dark * 0.8f, -6, 4), pose.OnSkin(dark * 0.8f, Tip - 1, Lift)];
        SKPoint[] flank =
        [
            ridge[0], pose.OnSkin(dark * (Bridge + 1), -6, 1), pose.OnSkin(dark * HalfWidth, Tip + 1, 1), ridge[2],
        ];
        brush.Fill(SmoothCurve.Between(ridge, flank), shadow.Faded(0.24f));
        brush.Stroke(
            SmoothCurve.Open(pose.OnSkin(dark * (Bridge + 2.4f), -18, 0), pose.OnSkin(dark * Bridge, -12, 1),
                pose.OnSkin(dark * (Bridge + 0.5f), -4, 2)),
            shadow.Faded(0.35f), 1.1f);
        brush.Stroke(
            SmoothCurve.Open(
                pose.OnSkin(-dark * 0.6f, -13, 3), pose.OnSkin(-dark * 0.6f, -5, 5), pose.OnSkin(-dark * 0.4f, Tip - 3, Lift)),
            SKColors.White.Faded(0.2f), 1.8f);

        foreach (Side side in Side.Both)
        {
            float s = side.Sign;
            brush.Stroke(
                SmoothCurve.Open(Low(s * (HalfWidth - 1.3f), -1.8f), Low(s * HalfWidth, 1.2f), Low(s * (HalfWidth - 1.2f), 3.9f),
                    Low(s * (HalfWidth - 3), 4)),
                shadow.Faded(0.75f), 0.9f);
            brush.Fill(
                SmoothCurve.Closed(Low(s * 1.5f, 4.1f), Low(s * 3.2f, 3), Low(s * (HalfWidth - 1.6f), 3.7f), Low(s * 3.1f, 4.7f)),
                shadow.Darker(0.55f).Faded(0.85f));
        }

        brush.Stroke(SmoothCurve.Open(Low(-1.7f, 4.5f), Low(0, 5.3f), Low(1.7f, 4.5f)), shadow.Faded(0.7f), 0.8f);
        brush.Glow(pose.OnSkin(0, Tip, Lift), 3.6f, SKColors.White.Faded(0.42f));
    }
}
