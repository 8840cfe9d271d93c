using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Derives colours from colours.</summary>
internal static class Shade
{
    /// <summary>Mixes the colour with another. Share 0 gives this colour, 1 the other.</summary>
    public static SKColor Toward(this SKColor from, SKColor to, float share) => new(
        Channel(from.Red, to.Red, share), Channel(from.Green, to.Green, share), Channel(from.Blue, to.Blue, share), from.Alpha);

    /// <summary>Mixes the colour with black.</summary>
    public static SKColor Darker(this SKColor colour, float share) => colour.Toward(SKColors.Black, share);

    /// <summary>Mixes the colour with white.</summary>
    public static SKColor Lighter(this SKColor colour, float share) => colour.Toward(SKColors.White, share);

    /// <summary>Gets the colour with an opacity, 0 to 1.</summary>
    public static SKColor Faded(this SKColor colour, float opacity) =>
        colour.WithAlpha((byte)Math.Clamp(opacity * 255 + 0.5f, 0, 255));

    private static byte Channel(byte from, byte to, float share) => (byte)Math.Clamp(from + (to - from) * share + 0.5f, 0, 255);
}
