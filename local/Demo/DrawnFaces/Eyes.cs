using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Both eyes: white, iris, lids, lashes. Keypoints: the centre of the opening and the two corners.</summary>
internal sealed record Eyes
{
    private static readonly SKColor[] IrisColours =
    [
        new(0xFF2E1A10), new(0xFF3F2414), new(0xFF5A3519), new(0xFF6B4A22), new(0xFF6E6B35), new(0xFF4C7A46), new(0xFF3E6E8E),
        new(0xFF5B8DB8), new(0xFF7C8B93),
    ];

    /// <summary>Distance of an eye's middle from the face's centre line, face units.</summary>
    public required float Spacing { get; init; }

    /// <summary>Y of the corners' middle, face units.</summary>
    public required float Height { get; init; }

    /// <summary>Colour of the iris.</summary>
    public required SKColor Iris { get; init; }

    public required float HalfWidth { get; init; }

    public required float Slant { get; init; }

    public required float Roundness { get; init; }

    /// <summary>0 closed, 1 open.</summary>
    public required float Openness { get; init; }

    public required SKPoint Gaze { get; init; }

    public required float IrisRadius { get; init; }

    public required float Lashes { get; init; }

    public required SKColor Shadow { get; init; }

    /// <summary>Chooses eyes for a person.</summary>
    /// <param name="random">Random number generator.</param>
    /// <param name="persona">The person.</param>
    /// <param name="smile">−1 to 1; a broad smile narrows the eyes.</param>
    public static Eyes Sample(FaceRandom random, Persona persona, float smile)
    {
        bool blinks = random.Chance(0.05f);
        float open = random.Around(0.98f, 0.1f) - 0.22f * MathF.Max(0, smile);
        SKColor lid = persona.Softness > 0.7f && random.Chance(0.3f)
            ? random.Pick<SKColor>([new(0xFF6B4C8A), new(0xFF3B5F8A), new(0xFF8A5A44), new(0xFF444444)]).Faded(0.45f)
            : persona.Skin.Toward(new SKColor(0xFF3A1420), 0.6f).Faded(0.3f);
        return new Eyes
        {
            Spacing = random.Around(16.2f, 0.7f),
            Height = random.Around(-15, 0.8f),
            Iris = random.Pick<SKColor>(persona.Skin.Red > 0xD0 ? IrisColours : IrisColours.AsSpan(0, 4)),
            HalfWidth = random.Around(6.5f, 0.4f),
            Slant = random.Around(0.5f, 0.6f),
            Roundness = random.Around(1, 0.12f),
            Openness = blinks ? random.Between(0, 0.12f) : open,
            Gaze = new SKPoint(random.Around(0, 0.7f), random.Around(0, 0.25f)),
            IrisRadius = random.Around(3, 0.15f),
            Lashes = persona.Softness,
            Shadow = lid,
        };
    }

    /// <summary>Sets the eyes' keypoints.</summary>
    public void Mark(KeypointMarks marks, FacePose pose)
    {
        foreach (Side side in Side.Both)
        {
            marks.Set($"{side.Name}_eye_center", Point(pose, side, 0, (Lower + Upper) / 2));
            marks.Set($"{side.Name}_eye_inner_corner", Point(pose, side, -1, 0));
            marks.Set($"{side.Name}_eye_outer_corner", Point(pose, side, 1, 0));
        }
    }

    /// <summary>Draws both eyes.</summary>
    public void Paint(FaceBrush brush, Persona persona)
    {
        foreach (Side side in Side.Both)
        {
            PaintSocket(brush, persona, side);
            if (Openness > 0.2f)
                PaintBall(brush, side);
            PaintLids(brush, persona, side);
        }
    }

    private float Upper => Blend(1.3f, -3.5f * Roundness, Openness);

    private float Lower => Blend(1.3f, 2.1f * Roundness, Openness);

    // Along is −1 at the inner corner and 1 at the outer corner. Down is in face units, from the line between the corners.
    private SKPoint Point(FacePose pose, Side side, float along, float down) =>
        pose.OnSkin(side.Sign * (Spacing + along * HalfWidth), Height + down - Slant * along, -1);

    private SKPoint[] UpperLid(FacePose pose, Side side, float raise = 0) =>
    [
        Point(pose, side, -1, 0), Point(pose, side, -0.55f, (Upper - raise) * 0.76f), Point(pose, side, 0, Upper - raise),
        Point(pose, side, 0.55f, (Upper - raise) * 0.8f), Point(pose, side, 1, 0),
    ];

    private SKPoint[] LowerLid(FacePose pose, Side side) =>
    [
        Point(pose, side, -1, 0), Point(pose, side, -0.5f, Lower * 0.75f), Point(pose, side, 0, Lower),
        Point(pose, side, 0.55f, Lower * 0.82f), Point(pose, side, 1, 0),
    ];

    private void PaintSocket(FaceBrush brush, Persona persona, Side side)
    {
        SKColor deep = persona.Skin.Toward(new SKColor(0xFF3A1420), 0.6f);
        brush.Glow(Point(brush.Pose, side, 0.05f, -2), HalfWidth * 1.75f, Shadow, 0.6f);
        brush.Glow(Point(brush.Pose, side, -1.15f, -1.5f), HalfWidth * 0.6f, deep.Faded(0.35f), 1.3f);
        brush.Stroke(
            SmoothCurve.Open(
                Point(brush.Pose, side, -0.8f, 3.4f), Point(brush.Pose, side, 0, 4.8f), Point(brush.Pose, side, 0.8f, 3.6f)),
            deep.Faded(0.1f + 0.25f * persona.Age), 0.8f);
    }

    private void PaintBall(FaceBrush brush, Side side)
    {
        FacePose pose = brush.Pose;
        SKPath opening = SmoothCurve.Between(UpperLid(pose, side), LowerLid(pose, side));
        using SKAutoCanvasRestore clip = brush.Inside(opening);
        SKPoint middle = Point(pose, side, 0, 0);
        brush.Ball(middle, HalfWidth * 1.05f, new SKColor(0xFFFAF6F2), new SKColor(0xFFCDBFBA));
        SKPoint iris = pose.OnSkin(side.Sign * Spacing + Gaze.X, Height + (Upper + Lower) / 2 - 0.1f + Gaze.Y, -0.5f);
        brush.Ball(iris, IrisRadius, Iris.Lighter(0.12f), Iris.Darker(0.55f));
        brush.Disc(iris, IrisRadius * 0.45f, new SKColor(0xFF0B0808));
        float glint = 1.1f * pose.Unit;
        brush.Disc(
            new SKPoint(iris.X + brush.Light.X * glint, iris.Y + brush.Light.Y * glint), 0.62f, SKColors.White.Faded(0.95f));
        brush.Stroke(SmoothCurve.Open(UpperLid(pose, side)), new SKColor(0xFF2A1512).Faded(0.4f), 2.4f);
    }

    private void PaintLids(FaceBrush brush, Persona persona, Side side)
    {
        FacePose pose = brush.Pose;
        SKColor line = persona.Skin.Toward(new SKColor(0xFF1A0B0A), 0.88f);
        brush.Stroke(SmoothCurve.Open(LowerLid(pose, side)), line.Faded(0.45f), 0.6f);
        brush.Stroke(SmoothCurve.Open(UpperLid(pose, side)), line, 1 + 0.45f * Lashes);
        if (Openness > 0.2f)
            brush.Stroke(SmoothCurve.Open(UpperLid(pose, side, raise: 1.9f).AsSpan(1)), line.Faded(0.4f), 0.65f);
        if (Lashes < 0.6f)
            return;
        for (int i = 0; i < 4; i++)
        {
            float t = 0.55f + 0.13f * i;
            SKPoint root = SmoothCurve.PointAt(UpperLid(pose, side), t);
            float reach = (1.2f + 0.25f * i) * pose.Unit;
            (float sin, float cos) = MathF.SinCos(pose.Roll - side.Sign * (0.95f - 0.16f * i));
            brush.Stroke(SmoothCurve.Open(root, new SKPoint(root.X + side.Sign * cos * reach, root.Y + side.Sign * sin * reach)),
                line, 0.55f);
        }
    }

    private static float Blend(float closed, float open, float share) => closed + (open - closed) * share;
}
