using PdfSharp.WPFonts;
using ScottPlot;
using SkiaSharp;

namespace KeypointPipeline.Plots;

/// <summary>The font of all drawn text: Segoe WP, which an assembly of PDFsharp brings along.</summary>
/// <remarks>SkiaSharp's build without fontconfig finds no installed font, and a function app or a container may have none. With a font of
/// its own, a PNG has its text everywhere, and the same numbers give the same bytes on every machine. An SVG names similar fonts, because a
/// browser letters it with one that is installed.</remarks>
public static class PlotFont
{
    /// <summary>What SVG names as <c>font-family</c>.</summary>
    internal const string Families = "'Segoe UI', Arial, 'Liberation Sans', Helvetica, sans-serif";

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
        using var data = SKData.CreateCopy(FontDataHelper.SegoeWP);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException("The font Segoe WP cannot be read.");
    }
}
