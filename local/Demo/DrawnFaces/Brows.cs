using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Both eyebrows. Keypoints: the two ends of each brow's middle line.</summary>
internal sealed record Brows
{
    // Half thickness of the brow at the nodes of its middle line, as a share of the maximum. Both ends are pointed.
    private static readonly float[] Taper = [0, 0.85f, 1, 0.7f, 0];

    // Fringes end above this height.
    private const float Highest = -28;

    public required float Inner { get; init; }

    public required float Outer { get; init; }

    public required float InnerHeight { get; init; }

    public required float OuterHeight { get; init; }

    public required float Arch { get; init; }

    public required float HalfThickness { get; init; }

    public required SKColor Colour { get; init; }

    /// <summary>Chooses brows for a person.</summary>
    public static Brows Sample(FaceRandom random, Persona persona)
    {
        float height = random.Around(-25.5f, 1.2f);
        float mood = random.Around(0, 1.1f);
        return new Brows
        {
            Inner = random.Around(8, 0.9f),
            Outer = MathF.Min(27.5f, random.Around(26.3f, 0.9f)),
            InnerHeight = MathF.Max(Highest, height + mood),
            OuterHeight = MathF.Max(Highest, height + random.Around(1.8f, 0.8f) - 0.5f * mood),
            Arch = random.Around(2.2f + persona.Softness, 0.7f),
            HalfThickness = MathF.Max(0.8f, random.Around(1.75f - 0.55f * persona.Softness, 0.25f)),
            Colour = persona.HairColour.Toward(new SKColor(0xFF2A1A14), 0.45f).Toward(persona.Skin, 0.1f),
        };
    }

    /// <summary>Sets the brows' keypoints.</summary>
    public void Mark(KeypointMarks marks, FacePose pose)
    {
        foreach (Side side in Side.Both)
        {
            marks.Set($"{side.Name}_eyebrow_inner_end", Point(pose, side, 0, 0));
            marks.Set($"{side.Name}_eyebrow_outer_end", Point(pose, side, 4, 0));
        }
    }

    /// <summary>Draws both brows.</summary>
    public void Paint(FaceBrush brush)
    {
        foreach (Side side in Side.Both)
        {
            SKPoint[] top = [.. Enumerable.Range(0, 5).Select(i => Point(brush.Pose, side, i, -1))];
            SKPoint[] bottom = [.. Enumerable.Range(0, 5).Select(i => Point(brush.Pose, side, i, 1))];
            brush.Fill(SmoothCurve.Between(top, bottom), Colour.Faded(0.88f));
            for (int hair = 0; hair < 11; hair++)
            {
                float t = 0.04f + hair * 0.085f;
                brush.Stroke(
                    SmoothCurve.Open(SmoothCurve.PointAt(bottom, t), SmoothCurve.PointAt(top, MathF.Min(1, t + 0.07f))),
                    Colour.Darker(0.35f).Faded(0.6f), 0.4f);
            }
        }
    }

    // Node 0 is the inner end, node 4 the outer end. Across is −1 at the upper edge, 0 at the middle line, 1 at the lower edge.
    private SKPoint Point(FacePose pose, Side side, int node, float across)
    {
        float t = node / 4f;
        float bow = Arch * MathF.Sin(MathF.PI * MathF.Pow(t, 1.25f));
        float y = InnerHeight + (OuterHeight - InnerHeight) * t - bow;
        return pose.OnSkin(side.Sign * (Inner + (Outer - Inner) * t), y + across * HalfThickness * Taper[node], 1);
    }
}
