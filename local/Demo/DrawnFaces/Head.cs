using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Skull, ears, neck and clothes, with the light on them.</summary>
internal sealed record Head
{
    private static readonly SKColor[] Clothes =
    [
        new(0xFF2F4858), new(0xFF6B2737), new(0xFF3F5E4A), new(0xFFD9D2C5), new(0xFF1F2430), new(0xFFB5651D), new(0xFF5B4B8A),
        new(0xFF8A9BA8), new(0xFFE0A458), new(0xFF7A3E48),
    ];

    /// <summary>Half width at the temples, face units. Hair follows it.</summary>
    public required float Temple { get; init; }

    /// <summary>Y of the crown, face units (negative).</summary>
    public required float Crown { get; init; }

    /// <summary>Half width at the jaw, face units. Beards follow it.</summary>
    public required float Jaw { get; init; }

    /// <summary>Y of the chin's lowest point, face units.</summary>
    public required float Chin { get; init; }

    public required float Cheek { get; init; }

    public required float ChinWidth { get; init; }

    public required float EarSize { get; init; }

    public required float EarringSize { get; init; }

    public required float Blush { get; init; }

    public required bool Freckles { get; init; }

    public required ulong FreckleSeed { get; init; }

    public required SKColor Cloth { get; init; }

    public required float Contrast { get; init; }

    /// <summary>Chooses a head for a person.</summary>
    public static Head Sample(FaceRandom random, Persona persona) => new()
    {
        Temple = random.Around(34.5f, 1),
        Crown = random.Around(-53, 1.5f),
        Jaw = random.Around(29 - 2.5f * persona.Softness, 1.4f),
        Chin = random.Around(41.5f - 2 * persona.Softness, 1.6f),
        Cheek = random.Around(35.5f, 1.1f),
        ChinWidth = random.Around(12 - 3 * persona.Softness, 1.3f),
        EarSize = random.Around(1, 0.12f),
        EarringSize = persona.Softness > 0.6f && random.Chance(0.35f) ? random.Between(1, 2) : 0,
        Blush = random.Between(0.05f, 0.25f),
        Freckles = random.Chance(0.12f),
        FreckleSeed = random.NextBits(),
        Cloth = random.Pick<SKColor>(Clothes),
        Contrast = random.Between(0.15f, 0.42f),
    };

    /// <summary>Gets the head's silhouette.</summary>
    public SKPath Outline(FacePose pose)
    {
        (float X, float Y, float Z)[] half =
        [
            (ChinWidth, Chin - 1.3f, 11), (Jaw * 0.78f, Chin - 9, 5), (Jaw, 21, -3), (Cheek, 3, -4),
            (Temple, -17, -1), (Temple - 3, -33, 0), (21, Crown + 6, 0),
        ];
        return SmoothCurve.Closed(
            [
                pose.At(0, Chin, 13),
                .. half.Select(p => pose.At(p.X, p.Y, p.Z)),
                pose.At(0, Crown, 0),
                .. half.Reverse().Select(p => pose.At(-p.X, p.Y, p.Z)),
            ]);
    }

    /// <summary>Draws neck and clothes.</summary>
    public void PaintBody(FaceBrush brush, Persona persona)
    {
        FacePose pose = brush.Pose;
        SKColor shadowed = persona.Skin.Darker(0.3f);
        float neck = Jaw - 7;
        brush.Fill(SmoothCurve.Closed(
            pose.At(-neck, 20, -14), pose.At(-neck, 44, -14), pose.At(-neck - 8, 66, -14), pose.At(0, 84, -14),
            pose.At(neck + 8, 66, -14), pose.At(neck, 44, -14), pose.At(neck, 20, -14)), shadowed);
        brush.Glow(pose.At(0, Chin + 3, -5), 26, persona.Skin.Darker(0.65f).Faded(0.6f), 0.5f);
        SKPoint[] collar =
        [
            pose.At(-150, 120, -14), pose.At(-75, 66, -14), pose.At(-neck - 3, 52, -14), pose.At(0, 70, -14),
            pose.At(neck + 3, 52, -14), pose.At(75, 66, -14), pose.At(150, 120, -14),
        ];
        brush.Fill(SmoothCurve.Between(collar, [collar[0], pose.At(-150, 600, -14), pose.At(150, 600, -14), collar[^1]]), Cloth);
        brush.Stroke(SmoothCurve.Open(collar), Cloth.Darker(0.35f), 1.6f);
    }

    /// <summary>Draws the ears. The head is drawn over them.</summary>
    public void PaintEars(FaceBrush brush, Persona persona)
    {
        FacePose pose = brush.Pose;
        foreach (Side side in Side.Both)
        {
            SKPoint Ear(float x, float y) => pose.At(side.Sign * (Cheek - 3 + x * EarSize), -6 + y * EarSize, -9);
            brush.Fill(SmoothCurve.Closed(Ear(0, -9), Ear(5.5f, -11), Ear(8.5f, -6), Ear(7, 3), Ear(4, 11), Ear(0, 12)),
                persona.Skin.Darker(0.1f));
            brush.Stroke(
                SmoothCurve.Open(Ear(3, -7), Ear(6, -6), Ear(5, 1), Ear(3, 6)), persona.Skin.Darker(0.38f).Faded(0.7f), 1);
            if (EarringSize > 0)
                brush.Disc(Ear(3.5f, 13), EarringSize, new SKColor(0xFFE8C558));
        }
    }

    /// <summary>Draws the head: skin, form and light. The features are drawn over it.</summary>
    public void Paint(FaceBrush brush, Persona persona)
    {
        FacePose pose = brush.Pose;
        SKColor shadow = persona.Skin.Toward(new SKColor(0xFF3A1420), 0.72f);
        brush.Fill(Outline(pose), persona.Skin);
        using SKAutoCanvasRestore clip = brush.Inside(Outline(pose));
        foreach (Side side in Side.Both)
            brush.Glow(pose.OnSkin(side.Sign * 20, 9), 12, new SKColor(0xFFD2463F).Faded(Blush), 0.8f);
        PaintForm(brush, shadow);
        if (persona.Age > 0.7f)
            PaintWrinkles(brush, persona, shadow);
        if (Freckles)
            PaintFreckles(brush, persona);
        brush.Stroke(Outline(pose), shadow.Faded(0.35f), 1.3f);
    }

    private void PaintForm(FaceBrush brush, SKColor shadow)
    {
        FacePose pose = brush.Pose;
        float reach = 58 * pose.Unit;
        SKPoint middle = pose.OnSkin(0, -4);
        using (SKShader rim = SKShader.CreateRadialGradient(
            middle, reach, [shadow.WithAlpha(0), shadow.WithAlpha(0), shadow.Faded(0.42f)], [0, 0.45f, 1],
            SKShaderTileMode.Clamp))
            brush.Wash(rim);
        var bright = new SKPoint(middle.X + brush.Light.X * reach * 0.8f, middle.Y + brush.Light.Y * reach * 0.8f);
        var dark = new SKPoint(middle.X - brush.Light.X * reach * 0.8f, middle.Y - brush.Light.Y * reach * 0.8f);
        using (SKShader light = SKShader.CreateLinearGradient(
            bright, dark,
            [SKColors.White.Faded(Contrast * 0.6f), SKColors.White.WithAlpha(0), shadow.WithAlpha(0),
                shadow.Faded(Contrast * 1.5f)],
            [0, 0.45f, 0.5f, 1], SKShaderTileMode.Clamp))
            brush.Wash(light);
        brush.Glow(pose.OnSkin(brush.Light.X * 9, -37), 17, SKColors.White.Faded(0.16f), 0.6f);
        brush.Glow(pose.OnSkin(0, Chin - 8), 8, SKColors.White.Faded(0.12f), 0.8f);
        foreach (Side side in Side.Both)
            brush.Glow(pose.OnSkin(side.Sign * 19, 1), 9, SKColors.White.Faded(0.14f), 0.6f);
    }

    private static void PaintWrinkles(FaceBrush brush, Persona persona, SKColor shadow)
    {
        FacePose pose = brush.Pose;
        SKColor line = shadow.Faded((persona.Age - 0.55f) * (0.7f - 0.3f * persona.Softness));
        for (int i = 0; i < 3; i++)
            brush.Stroke(SmoothCurve.Open(
                pose.OnSkin(-15, -33 - 4 * i), pose.OnSkin(0, -34.5f - 4 * i), pose.OnSkin(15, -33 - 4 * i)), line, 0.7f);
        foreach (Side side in Side.Both)
        {
            float s = side.Sign;
            brush.Stroke(SmoothCurve.Open(pose.OnSkin(s * 7.5f, 4), pose.OnSkin(s * 14, 11), pose.OnSkin(s * 17, 18)), line, 1);
            brush.Stroke(
                SmoothCurve.Open(pose.OnSkin(s * 10, -9), pose.OnSkin(s * 15, -7.5f), pose.OnSkin(s * 20, -9)), line, 0.7f);
        }
    }

    private void PaintFreckles(FaceBrush brush, Persona persona)
    {
        var random = new FaceRandom(FreckleSeed);
        SKColor colour = persona.Skin.Toward(new SKColor(0xFF8A4A20), 0.6f).Faded(0.55f);
        for (int i = 0; i < 46; i++)
            brush.Disc(brush.Pose.OnSkin(random.Around(0, 14), random.Around(3, 4)), random.Between(0.3f, 0.7f), colour);
    }
}
