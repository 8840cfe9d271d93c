using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Lips, teeth and the dark between them. Keypoints: the corners, and the middle of each lip's outer edge.</summary>
internal sealed record Mouth
{
    /// <summary>−1 for sad, 1 for a broad smile. The eyes follow it.</summary>
    public required float Smile { get; init; }

    /// <summary>Y of the mouth's line at rest, face units. Moustaches follow it.</summary>
    public required float Line { get; init; }

    public required float HalfWidth { get; init; }

    public required float Open { get; init; }

    public required float UpperLip { get; init; }

    public required float LowerLip { get; init; }

    public required bool Teeth { get; init; }

    /// <summary>Y of the upper lip's outer edge in the middle, face units.</summary>
    public float Top => Line - UpperLip - 0.25f * Open;

    /// <summary>Y of the lower lip's outer edge in the middle, face units.</summary>
    public float Bottom => Line + LowerLip + 0.75f * Open;

    /// <summary>Y of the corners, face units. A broader smile raises them.</summary>
    public float CornerLine => Line - 2.6f * Smile;

    /// <summary>Chooses a mouth and its expression.</summary>
    public static Mouth Sample(FaceRandom random, Persona persona)
    {
        float smile = random.Chance(0.55f) ? random.Between(0.2f, 1) : random.Around(0, 0.22f);
        float open = random.Chance(0.4f) ? random.Between(1.5f, smile > 0.3f ? 5.5f : 8) : 0;
        float full = random.Around(1 + 0.12f * persona.Softness, 0.13f);
        return new Mouth
        {
            Smile = smile,
            Line = random.Around(19.8f, 1),
            HalfWidth = random.Around(12, 0.8f) + 2 * smile - 0.18f * open,
            Open = open,
            UpperLip = 2.7f * full - 0.5f * MathF.Max(0, smile),
            LowerLip = 3.9f * full - 0.5f * MathF.Max(0, smile),
            Teeth = open > 0 && random.Chance(0.85f),
        };
    }

    /// <summary>Sets the mouth's keypoints.</summary>
    public void Mark(KeypointMarks marks, FacePose pose)
    {
        marks.Set("mouth_left_corner", Corner(pose, 1));
        marks.Set("mouth_right_corner", Corner(pose, -1));
        marks.Set("mouth_center_top_lip", Point(pose, 0, Top));
        marks.Set("mouth_center_bottom_lip", Point(pose, 0, Bottom));
    }

    /// <summary>Draws the mouth.</summary>
    public void Paint(FaceBrush brush, Persona persona)
    {
        FacePose pose = brush.Pose;
        SKColor shadow = persona.Skin.Toward(new SKColor(0xFF4A1A1E), 0.65f);
        SKPoint[] top = Edge(pose, Top, Top - 0.9f, 0.3f, 0.72f), bottom = Edge(pose, Bottom, Bottom - 0.1f, 0.34f, 0.78f);
        SKPoint[] upper = Edge(pose, Line - 0.25f * Open + 0.3f, Line - 0.25f * Open, 0.35f, 0.92f);
        SKPoint[] lower = Edge(pose, Line + 0.75f * Open, Line + 0.72f * Open, 0.38f, 0.9f);

        brush.Glow(Point(pose, 0, Bottom + 2.2f), 8, shadow.Faded(0.4f), 0.4f);
        if (Open > 0)
            PaintInside(brush, upper, lower);
        brush.Fill(SmoothCurve.Between(top, upper), persona.Lips.Darker(0.14f));
        brush.Fill(SmoothCurve.Between(lower, bottom), persona.Lips);
        brush.Glow(Point(pose, brush.Light.X * 2, Bottom - LowerLip * 0.5f), 4.2f, SKColors.White.Faded(0.3f), 0.35f);
        brush.Stroke(SmoothCurve.Open(upper), shadow.Darker(0.45f).Faded(0.85f), 0.8f);
        brush.Stroke(SmoothCurve.Open(bottom.AsSpan(1, bottom.Length - 2)), shadow.Faded(0.4f), 0.6f);
        foreach (Side side in Side.Both)
        {
            brush.Disc(Corner(pose, side.Sign), 0.55f, shadow.Darker(0.45f));
            brush.Glow(Corner(pose, side.Sign), 3, shadow.Faded(0.35f));
            if (Smile > 0.35f)
                brush.Stroke(
                    SmoothCurve.Open(
                        pose.OnSkin(side.Sign * 8.5f, 7), pose.OnSkin(side.Sign * (HalfWidth + 1.5f), 11),
                        pose.OnSkin(side.Sign * (HalfWidth + 3.5f), CornerLine)),
                    shadow.Faded(0.32f * Smile), 1.2f);
        }
    }

    private void PaintInside(FaceBrush brush, SKPoint[] upper, SKPoint[] lower)
    {
        FacePose pose = brush.Pose;
        using SKAutoCanvasRestore clip = brush.Inside(SmoothCurve.Between(upper, lower));
        using (SKShader dark = SKShader.CreateColor(new SKColor(0xFF3A0F12)))
            brush.Wash(dark);
        brush.Glow(Point(pose, 0, Line + 0.75f * Open + 1), HalfWidth * 0.8f, new SKColor(0xFFC4575A), 0.35f);
        if (!Teeth)
            return;
        float biting = MathF.Min(2.6f, 0.62f * Open);
        SKPoint[] edge = [.. upper.Select(p => Below(pose, p, biting))];
        SKPoint[] gums = [.. upper.Select(p => Below(pose, p, -1.5f))];
        brush.Fill(SmoothCurve.Between(gums, edge), new SKColor(0xFFF4EEE4));
        for (int gap = -3; gap <= 3; gap++)
            brush.Stroke(
                SmoothCurve.Open(
                    Point(pose, gap * 2.6f, Line - 0.25f * Open - 1), Point(pose, gap * 2.6f, Line - 0.25f * Open + biting)),
                new SKColor(0xFF9A8F88).Faded(0.35f), 0.3f);
    }

    // Seven nodes from the person's right corner to the left corner: the middle, and on each side a bow and a node farther out.
    private SKPoint[] Edge(FacePose pose, float middle, float bow, float bowAt, float outerShare)
    {
        float outer = CornerLine + (bow - CornerLine) * outerShare * 0.8f;
        return
        [
            Corner(pose, -1), Point(pose, -0.68f * HalfWidth, outer), Point(pose, -bowAt * HalfWidth, bow),
            Point(pose, 0, middle),
            Point(pose, bowAt * HalfWidth, bow), Point(pose, 0.68f * HalfWidth, outer), Corner(pose, 1),
        ];
    }

    private SKPoint Corner(FacePose pose, float sign) => Point(pose, sign * HalfWidth, CornerLine);

    private static SKPoint Point(FacePose pose, float x, float y) => pose.OnSkin(x, y, 1.5f);

    private static SKPoint Below(FacePose pose, SKPoint point, float distance)
    {
        (float sin, float cos) = MathF.SinCos(pose.Roll);
        return new SKPoint(point.X - sin * distance * pose.Unit, point.Y + cos * distance * pose.Unit);
    }
}
