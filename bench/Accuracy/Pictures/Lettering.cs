using SkiaSharp;

namespace KeypointPipeline.Bench.Accuracy.Pictures;

/// <summary>Writes text on pictures with a font of this machine; without a font, pictures have no text. The SkiaSharp build without
/// fontconfig finds no installed fonts, so this class looks for font files itself.</summary>
internal static class Lettering
{
    private static readonly string[] Folders =
    [
        "/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
    ];

    private static readonly string[] Preferred = ["LiberationSans-Regular", "DejaVuSans", "NotoSans-Regular", "Arial", "Helvetica", "segoeui"];

    private static readonly Lazy<SKTypeface?> Typeface = new(Find);

    /// <summary>Writes one line.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="text">The text.</param>
    /// <param name="x">The anchor, pixels.</param>
    /// <param name="y">The baseline, pixels.</param>
    /// <param name="size">Height of a line, pixels.</param>
    /// <param name="colour">The text's colour.</param>
    /// <param name="align">The side of the text that is at <paramref name="x"/>.</param>
    public static void Write(
        SKCanvas canvas, string text, float x, float y, float size, SKColor colour, SKTextAlign align = SKTextAlign.Left)
    {
        if (Typeface.Value is not SKTypeface typeface)
            return;
        using var font = new SKFont(typeface, size) { Edging = SKFontEdging.Antialias };
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, paint);
    }

    private static SKTypeface? Find()
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        string[] files =
        [
            .. Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.tt?", everywhere))
                .Order(StringComparer.Ordinal),
        ];
        IEnumerable<string> preferred = Preferred
            .Select(name => files.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file).Equals(name, StringComparison.OrdinalIgnoreCase)))
            .OfType<string>();
        return preferred.Concat(files).Select(file => SKTypeface.FromFile(file)).FirstOrDefault(typeface => typeface is { GlyphCount: > 0 });
    }
}
