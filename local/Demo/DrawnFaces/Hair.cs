using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Hair styles.</summary>
internal enum HairStyle
{
    /// <summary>No hair on the scalp.</summary>
    Bald,

    /// <summary>Clipped close to the scalp.</summary>
    Buzz,

    /// <summary>Short, brushed back from a straight hairline.</summary>
    Short,

    /// <summary>Short, with a parting at one side.</summary>
    SideParting,

    /// <summary>Cut straight above the brows.</summary>
    Fringe,

    /// <summary>Curls, short or long.</summary>
    Curly,

    /// <summary>Parted in the middle and falling along the cheeks.</summary>
    MiddleParting,
}

/// <summary>Hair, behind the head and over it. It never covers a keypoint.</summary>
internal sealed record Hair
{
    public required HairStyle Style { get; init; }

    public required bool Long { get; init; }

    public required float Volume { get; init; }

    public required float Hairline { get; init; }

    /// <summary>The side of the parting, −1 or 1.</summary>
    public required float PartingSide { get; init; }

    public required SKColor Colour { get; init; }

    public required ulong StrandSeed { get; init; }

    /// <summary>Chooses hair for a person.</summary>
    public static Hair Sample(FaceRandom random, Persona persona)
    {
        bool soft = persona.Softness > 0.5f;
        HairStyle style = soft
            ? random.Pick(
                [HairStyle.SideParting, HairStyle.Fringe, HairStyle.Curly, HairStyle.MiddleParting, HairStyle.MiddleParting])
            : random.Pick([HairStyle.Bald, HairStyle.Buzz, HairStyle.Short, HairStyle.Short, HairStyle.SideParting,
                HairStyle.Curly, HairStyle.Fringe]);
        return new Hair
        {
            Style = style,
            Long = style == HairStyle.MiddleParting || (soft && random.Chance(0.65f)),
            Volume = style switch
            {
                HairStyle.Buzz => 1.2f,
                HairStyle.Curly => random.Between(6, 13),
                _ => random.Between(3.5f, 8),
            },
            Hairline = random.Between(-44, -38) - (soft ? 0 : 4 * persona.Age),
            PartingSide = random.Chance(0.5f) ? 1 : -1,
            Colour = persona.HairColour,
            StrandSeed = random.NextBits(),
        };
    }

    /// <summary>Draws the hair behind the head.</summary>
    public void PaintBehind(FaceBrush brush, Head head)
    {
        if (!Long)
            return;
        FacePose pose = brush.Pose;
        float wide = head.Temple + Volume + 3;
        SKPoint At(float x, float y) => pose.At(x, y, -16);
        brush.Fill(SmoothCurve.Closed(
            At(0, head.Crown - Volume), At(wide * 0.8f, head.Crown + 10), At(wide, -12), At(wide + 3, 25), At(wide + 6, 66),
            At(0, 74),
            At(-wide - 6, 66), At(-wide - 3, 25), At(-wide, -12), At(-wide * 0.8f, head.Crown + 10)), Colour.Darker(0.4f));
    }

    /// <summary>Draws the hair over the forehead and the ears.</summary>
    public void PaintFront(FaceBrush brush, Head head)
    {
        if (Style == HairStyle.Bald)
            return;
        FacePose pose = brush.Pose;
        SKPoint[] outer = OuterEdge(pose, head), inner = InnerEdge(pose, head);
        SKPoint[] cast = [.. inner.Select(p => new SKPoint(p.X, p.Y + 1.6f * pose.Unit))];
        if (Style == HairStyle.Buzz)
        {
            brush.Fill(SmoothCurve.Between(outer, inner), Colour.Faded(0.78f));
            return;
        }

        using (brush.Inside(head.Outline(pose)))
            brush.Stroke(SmoothCurve.Open(cast), new SKColor(0xFF2A100C).Faded(0.25f), 2.4f);
        brush.Fill(SmoothCurve.Between(outer, inner), Colour);
        if (Style == HairStyle.Curly)
            PaintCurls(brush, outer, inner);
        else
            PaintStrands(brush, outer, inner);
        if (Long)
            PaintLocks(brush, head);
    }

    private SKPoint[] OuterEdge(FacePose pose, Head head)
    {
        float side = head.Temple + 1 + 0.45f * Volume;
        return
        [
            pose.At(-head.Temple - 1, -3, -4), pose.At(-side, -18, -2), pose.At(-side + 4, -36, 0),
            pose.At(-21, head.Crown + 4.5f - 0.8f * Volume, 0),
            pose.At(0, head.Crown - Volume, 0), pose.At(21, head.Crown + 4.5f - 0.8f * Volume, 0), pose.At(side - 4, -36, 0),
            pose.At(side, -18, -2),
            pose.At(head.Temple + 1, -3, -4),
        ];
    }

    // The inner edge has nine nodes like the outer edge, so that strands run from one to the other.
    private SKPoint[] InnerEdge(FacePose pose, Head head)
    {
        float temple = head.Temple - 2.5f, line = Hairline;
        (float X, float Y)[] nodes = Style switch
        {
            HairStyle.SideParting => [(-temple, -15), (-temple + 0.5f, -23), (-28, -31.5f), (-16, -35), (2, -41), (16, line - 3),
                (25, -38), (temple - 1, -27), (temple, -15)],
            HairStyle.Fringe => [(-temple, -14), (-temple + 1, -24), (-26, -32), (-14, -32.5f), (0, -32), (14, -32.5f), (26, -32),
                (temple - 1, -24), (temple, -14)],
            HairStyle.MiddleParting => [(-temple, -8), (-temple + 0.5f, -21), (-29, -31), (-16, -39), (0, line - 5), (16, -39),
                (29, -31), (temple - 0.5f, -21), (temple, -8)],
            _ => [(-temple, -11), (-temple + 0.5f, -22), (-28, -33), (-16, line + 2), (0, line), (16, line + 2), (28, -33),
                (temple - 0.5f, -22), (temple, -11)],
        };
        SKPoint[] edge = [pose.At(-head.Temple, -3, -3), .. nodes.Select(n => pose.OnSkin(PartingSide * n.X, n.Y)),
            pose.At(head.Temple, -3, -3)];
        if (PartingSide < 0)
            Array.Reverse(edge, 1, nodes.Length);
        return edge;
    }

    private void PaintStrands(FaceBrush brush, SKPoint[] outer, SKPoint[] inner)
    {
        var random = new FaceRandom(StrandSeed);
        for (int i = 0; i < 44; i++)
        {
            float t = random.Between(0.06f, 0.94f), start = random.Between(0, 0.4f), end = random.Between(0.6f, 1);
            float from = Style is HairStyle.MiddleParting or HairStyle.SideParting ? 0.5f + (t - 0.5f) * 0.45f : t;
            SKPoint top = SmoothCurve.PointAt(outer, from), low = SmoothCurve.PointAt(inner, t),
                bend = SmoothCurve.PointAt(outer, (from + t) / 2);
            SKPoint middle = SmoothCurve.Mix(SmoothCurve.Mix(top, bend, 0.6f), low, 0.45f);
            SKPoint[] strand = [SmoothCurve.Mix(top, middle, start), middle, SmoothCurve.Mix(middle, low, end)];
            float lit = 0.5f + 0.5f * Math.Sign(brush.Light.X * (t - 0.5f));
            SKColor colour = random.Chance(0.35f + 0.3f * lit) ? Colour.Lighter(0.22f) : Colour.Darker(0.35f);
            brush.Stroke(SmoothCurve.Open(strand), colour.Faded(0.4f), random.Between(0.5f, 1.4f));
        }
    }

    private void PaintCurls(FaceBrush brush, SKPoint[] outer, SKPoint[] inner)
    {
        var random = new FaceRandom(StrandSeed);
        float size = 3 + 0.16f * Volume;
        for (int i = 0; i < 120; i++)
        {
            float across = random.Between(0, 0.93f);
            float t = random.Between(0.02f, 0.98f);
            SKPoint centre = SmoothCurve.Mix(SmoothCurve.PointAt(outer, t), SmoothCurve.PointAt(inner, t), across);
            SKColor colour = random.Chance(0.4f) ? Colour.Lighter(0.1f) : Colour.Darker(0.18f);
            float radius = size * random.Between(0.6f, 1.1f) * (across > 0.75f ? 0.6f : 1);
            brush.Disc(centre, radius, colour);
            brush.Stroke(SmoothCurve.Open(
                Offset(brush, centre, -0.6f * radius, -0.1f * radius), Offset(brush, centre, 0, -0.6f * radius),
                Offset(brush, centre, 0.6f * radius, -0.1f * radius)),
                Colour.Lighter(0.25f).Faded(0.5f), 0.6f);
        }
    }

    private void PaintLocks(FaceBrush brush, Head head)
    {
        FacePose pose = brush.Pose;
        var random = new FaceRandom(StrandSeed ^ 1);
        foreach (Side side in Side.Both)
        {
            float s = side.Sign, edge = head.Temple + 2 + 0.5f * Volume;
            SKPoint[] inside = [pose.OnSkin(s * (head.Temple - 2.5f), -26), pose.OnSkin(s * (head.Temple - 1.5f), -4),
                pose.At(s * head.Temple, 22, 0), pose.At(s * 31, 64, 2)];
            SKPoint[] outside = [inside[0], pose.At(s * edge, -8, -4), pose.At(s * (edge + 5), 26, -8), inside[^1]];
            brush.Fill(SmoothCurve.Between(inside, outside), Colour);
            for (int i = 0; i < 9; i++)
            {
                float share = random.Between(0.1f, 0.9f);
                SKPoint[] strand = [.. inside.Select((p, n) => SmoothCurve.Mix(p, outside[n], share))];
                brush.Stroke(SmoothCurve.Open(strand),
                    (random.Chance(0.5f) ? Colour.Lighter(0.2f) : Colour.Darker(0.35f)).Faded(0.4f), random.Between(0.5f, 1.2f));
            }
        }
    }

    private static SKPoint Offset(FaceBrush brush, SKPoint from, float x, float y) =>
        new(from.X + x * brush.Pose.Unit, from.Y + y * brush.Pose.Unit);
}
