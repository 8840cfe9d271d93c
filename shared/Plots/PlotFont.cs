using ScottPlot;
using SkiaSharp;

namespace KeypointPipeline.Plots;

/// <summary>The font of all drawn text: Arimo, which the assembly brings along.</summary>
/// <remarks>SkiaSharp's build without fontconfig finds no installed font, and a function app or a container may have none. With a font of
/// its own, a PNG has its text everywhere, and the same numbers give the same bytes on every machine. Arimo's letters are as wide as
/// those of Arial, Helvetica and Liberation Sans, so an SVG keeps its layout where a browser letters it with one of these. The file is
/// from the npm package @expo-google-fonts/arimo 0.4.3; its licence (SIL Open Font License 1.1) is beside it.</remarks>
public static class PlotFont
{
    private const string ResourceName = "plots/Arimo-Regular.ttf";

    /// <summary>What SVG names as <c>font-family</c>.</summary>
    internal const string Families = "Arimo, Arial, 'Liberation Sans', Helvetica, sans-serif";

    /// <summary>The font. It lives as long as the process and may be used by several threads.</summary>
    public static SKTypeface Typeface { get; } = Read();

    /// <summary>Whether the font has a sign for every character of a text.</summary>
    internal static bool CanWrite(string text)
    {
        using var font = new SKFont(Typeface);
        return font.ContainsGlyphs(text);
    }

    /// <summary>Makes the plotting library draw all text with the font. It has one setting per process.</summary>
    internal static void Use() => Fonts.DefaultFontStyle ??= Typeface;

    private static SKTypeface Read()
    {
        using Stream resource = typeof(PlotFont).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly lacks {ResourceName}.");
        using SKData data = SKData.Create(resource);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{ResourceName} is not a font.");
    }
}
