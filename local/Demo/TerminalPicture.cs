using SkiaSharp;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace KeypointPipeline.Local.Demo;

/// <summary>Renders a picture in the terminal with two pixels per character cell. The upper pixel is the colour of a half block, the
/// lower its background.</summary>
public sealed class TerminalPicture : Renderable
{
    /// <summary>The most columns that a picture takes.</summary>
    public const int MaximumColumns = 80;

    private readonly SKBitmap _picture;

    private TerminalPicture(SKBitmap picture)
    {
        _picture = picture;
    }

    /// <summary>Shows a picture as wide as the console allows, up to <see cref="MaximumColumns"/>. Shows nothing if the output
    /// is redirected or the terminal lacks 256 colours or Unicode.</summary>
    /// <returns>Whether it was shown.</returns>
    public static bool Show(IAnsiConsole console, SKBitmap picture)
    {
        Capabilities can = console.Profile.Capabilities;
        if (!console.Profile.Out.IsTerminal || !can.Ansi || !can.Unicode || can.ColorSystem < ColorSystem.EightBit)
            return false;
        console.Write(new TerminalPicture(picture));
        return true;
    }

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth)
    {
        int columns = Columns(maxWidth);
        return new Measurement(columns, columns);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int width = Columns(maxWidth);
        int lines = Math.Max(1, (int)Math.Round(_picture.Height * (double)width / _picture.Width / 2));
        using SKBitmap small = _picture.Resize(
            new SKImageInfo(width, 2 * lines, SKColorType.Rgba8888, SKAlphaType.Opaque),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        for (int line = 0; line < lines; line++)
        {
            for (int x = 0; x < width; x++)
                yield return new Segment("▀", new Style(Colour(small, x, 2 * line), Colour(small, x, (2 * line) + 1)));
            yield return Segment.LineBreak;
        }
    }

    private int Columns(int available) => Math.Min(Math.Min(available, MaximumColumns), _picture.Width);

    private static Color Colour(SKBitmap picture, int x, int y)
    {
        SKColor pixel = picture.GetPixel(x, y);
        return new Color(pixel.Red, pixel.Green, pixel.Blue);
    }
}
