using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>The drawn person: traits that several features of a face share.</summary>
/// <param name="Skin">Colour of lit skin.</param>
/// <param name="HairColour">Colour of the hair. Brows and beard are darker.</param>
/// <param name="Lips">Colour of the lips.</param>
/// <param name="Softness">0 for angular faces with beards, 1 for soft faces with lashes and make-up. Most people lie near one of the
/// ends.</param>
/// <param name="Age">0 for young, 1 for old.</param>
internal sealed record Persona(SKColor Skin, SKColor HairColour, SKColor Lips, float Softness, float Age)
{
    private static readonly SKColor[] Skins =
    [
        new(0xFFFFE3D0), new(0xFFFBD6BD), new(0xFFF3C6A5), new(0xFFE8B48F), new(0xFFDCA27B),
        new(0xFFC98D65), new(0xFFB07650), new(0xFF94603F), new(0xFF784A30), new(0xFF5C3826),
    ];

    private static readonly SKColor[] DarkHair = [new(0xFF16110F), new(0xFF231812), new(0xFF33211A)];

    private static readonly SKColor[] AnyHair =
    [
        new(0xFF1B1412), new(0xFF33211A), new(0xFF4A2E1D), new(0xFF6B4226), new(0xFF8A5A2F), new(0xFFB5813F), new(0xFFD9B36A),
        new(0xFFEACF96),
        new(0xFF8C3B1E), new(0xFFB3532A),
    ];

    private static readonly SKColor[] GreyHair = [new(0xFF8D8A88), new(0xFFB9B6B3), new(0xFFDAD8D5)];

    private static readonly SKColor[] Lipsticks = [new(0xFFB3263A), new(0xFFC2475C), new(0xFF8E2A4A), new(0xFFD06A5F)];

    /// <summary>Chooses a person.</summary>
    public static Persona Sample(FaceRandom random)
    {
        int tone = random.Whole(0, Skins.Length - 1);
        SKColor skin = Skins[tone].Toward(Skins[Math.Min(tone + 1, Skins.Length - 1)], random.Between(0, 1));
        float softness = random.Chance(0.5f) ? random.Between(0, 0.3f) : random.Between(0.7f, 1);
        float age = random.Between(0, 1);
        SKColor hair = age > 0.78f && random.Chance(0.7f) ? random.Pick<SKColor>(GreyHair)
            : tone >= 5 || random.Chance(0.3f) ? random.Pick<SKColor>(DarkHair)
            : random.Pick<SKColor>(AnyHair);
        SKColor lips = skin.Toward(new SKColor(0xFFB04A4A), random.Between(0.35f, 0.6f)).Darker(0.06f);
        if (softness > 0.6f && random.Chance(0.35f))
            lips = random.Pick<SKColor>(Lipsticks);
        return new Persona(skin, hair, lips, softness, age);
    }
}
