using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Stubble, a moustache, a full beard or no beard. The lips are drawn over it.</summary>
internal sealed record Beard
{
    /// <summary>Opacity of the hair along jaw and chin; 0 for none.</summary>
    public required float Jaw { get; init; }

    /// <summary>Opacity of the moustache; 0 for none.</summary>
    public required float Moustache { get; init; }

    public required float Length { get; init; }

    public required SKColor Colour { get; init; }

    public required ulong HairSeed { get; init; }

    /// <summary>Chooses a beard for a person. Soft faces have none.</summary>
    public static Beard Sample(FaceRandom random, Persona persona)
    {
        int kind = persona.Softness > 0.5f ? 0 : random.Whole(0, 6);
        (float jaw, float moustache) = kind switch
        {
            3 => (0.28f, 0.28f),
            4 => (0.85f, 0.85f),
            5 => (0.9f, 0.9f),
            6 => (0, 0.9f),
            _ => (0, 0),
        };
        return new Beard
        {
            Jaw = jaw,
            Moustache = moustache,
            Length = jaw > 0.5f ? random.Between(1, 5) : 0.2f,
            Colour = persona.HairColour.Toward(new SKColor(0xFF1E1310), 0.3f),
            HairSeed = random.NextBits(),
        };
    }

    /// <summary>Draws the beard.</summary>
    public void Paint(FaceBrush brush, Head head, Mouth mouth)
    {
        if (Jaw > 0)
            PaintJaw(brush, head, mouth);
        if (Moustache > 0)
            PaintMoustache(brush, mouth);
    }

    private void PaintJaw(FaceBrush brush, Head head, Mouth mouth)
    {
        FacePose pose = brush.Pose;
        float low = MathF.Max(head.Chin, mouth.Bottom + 9) + Length;
        (float X, float Y, float Z)[] outside =
        [
            (head.Temple - 1, -9, -3), (head.Jaw + 5.2f + 0.3f * Length, 9, -3), (head.Jaw + 1 + 0.4f * Length, 22, -2),
            (head.Jaw * 0.8f + 0.3f * Length, low - 8, 5), (10, low - 1, 11),
        ];
        (float X, float Y)[] inside =
        [
            (head.Temple - 1.2f, -8.9f), (29.5f, 8), (24, 17), (16.5f, mouth.Line + 3), (11, mouth.Bottom + 2),
        ];
        SKPoint[] outer = [.. outside.Select(p => pose.At(-p.X, p.Y, p.Z)), pose.At(0, low, 13),
            .. outside.Reverse().Select(p => pose.At(p.X, p.Y, p.Z))];
        SKPoint[] inner = [.. inside.Select(p => pose.OnSkin(-p.X, p.Y)), pose.OnSkin(0, mouth.Bottom + 2.4f),
            .. inside.Reverse().Select(p => pose.OnSkin(p.X, p.Y))];
        brush.Fill(SmoothCurve.Between(outer, inner), Colour.Faded(Jaw));

        var random = new FaceRandom(HairSeed);
        for (int i = 0; i < 90; i++)
        {
            float t = random.Between(0.02f, 0.98f), from = random.Between(0, 0.8f);
            SKPoint top = SmoothCurve.PointAt(inner, t), end = SmoothCurve.PointAt(outer, t);
            SKColor colour = random.Chance(0.5f) ? Colour.Lighter(0.2f) : Colour.Darker(0.4f);
            brush.Stroke(SmoothCurve.Open(SmoothCurve.Mix(top, end, from), SmoothCurve.Mix(top, end, from + 0.2f)),
                colour.Faded(0.4f * Jaw), 0.5f);
        }
    }

    private void PaintMoustache(FaceBrush brush, Mouth mouth)
    {
        FacePose pose = brush.Pose;
        float top = mouth.Top - 5.2f, line = mouth.Top - 0.9f;
        foreach (Side side in Side.Both)
        {
            float s = side.Sign;
            SKPoint[] upper = [pose.OnSkin(0, top + 1.5f, 2), pose.OnSkin(s * 5, top + 0.4f, 2),
                pose.OnSkin(s * 10.5f, top + 2.6f, 2), pose.OnSkin(s * 14, mouth.CornerLine - 0.6f, 1)];
            SKPoint[] lower =
                [pose.OnSkin(0, line, 2), pose.OnSkin(s * 5, line - 0.5f, 2), pose.OnSkin(s * 10, line + 0.3f, 2), upper[^1]];
            brush.Fill(SmoothCurve.Between(upper, lower), Colour.Faded(Moustache));
            for (int i = 0; i < 10; i++)
                brush.Stroke(
                    SmoothCurve.Open(
                        SmoothCurve.PointAt(upper, 0.05f + i * 0.08f), SmoothCurve.PointAt(lower, 0.12f + i * 0.08f)),
                    Colour.Lighter(0.18f).Faded(0.4f * Moustache), 0.45f);
        }
    }
}
