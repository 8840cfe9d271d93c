using System.Runtime.InteropServices;
using KeypointPipeline.Images.Codecs;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>An image for people: upright, in colour, on white, and of a suitable size.</summary>
public sealed class Picture : IDisposable
{
    private readonly SKBitmap _bitmap;

    private Picture(SKBitmap bitmap) => _bitmap = bitmap;

    /// <summary>Width in pixels.</summary>
    public int Width => _bitmap.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => _bitmap.Height;

    /// <summary>Draws decoded pixels upright. Reduces or enlarges them if the longer side is out of bounds.</summary>
    /// <param name="stored">Unpremultiplied RGBA in the stored orientation.</param>
    /// <param name="orientation">How to turn the stored pixels upright.</param>
    /// <param name="minimumSide">Minimum length of the longer side in pixels.</param>
    /// <param name="maximumSide">Maximum length of the longer side in pixels.</param>
    internal static Picture Create(SKBitmap stored, Orientation orientation, int minimumSide, int maximumSide)
    {
        int longer = Math.Max(stored.Width, stored.Height);
        double scale = (double)Math.Clamp(longer, minimumSide, maximumSide) / longer;
        int width = Math.Max(1, (int)Math.Round(stored.Width * scale));
        int height = Math.Max(1, (int)Math.Round(stored.Height * scale));
        SKBitmap small = Opaque(stored, width, height);
        if (orientation.Origin == SKEncodedOrigin.TopLeft)
            return new Picture(small);
        using (small)
            return new Picture(Turned(small, orientation));
    }

    /// <summary>Returns a copy whose longer side has at most <paramref name="maximumSide"/> pixels.</summary>
    public Picture Shrink(int maximumSide) => Create(_bitmap, new Orientation(SKEncodedOrigin.TopLeft), 1, maximumSide);

    /// <summary>Encodes the picture as JPEG.</summary>
    /// <param name="quality">Quality, 1 to 100.</param>
    public byte[] ToJpeg(int quality)
    {
        using SKData data = _bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }

    /// <summary>Draws on the picture.</summary>
    internal void Draw(Action<SKCanvas> draw)
    {
        using var canvas = new SKCanvas(_bitmap);
        draw(canvas);
    }

    /// <inheritdoc/>
    public void Dispose() => _bitmap.Dispose();

    private static SKBitmap Turned(SKBitmap stored, Orientation orientation)
    {
        (int width, int height) = orientation.SwapsAxes ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var upright = new SKBitmap(Info(width, height));
        ReadOnlySpan<int> from = MemoryMarshal.Cast<byte, int>(stored.GetPixelSpan());
        Span<int> to = MemoryMarshal.Cast<byte, int>(upright.GetPixelSpan());
        for (int i = 0; i < to.Length; i++)
        {
            (int x, int y) = orientation.ToStored(i % width, i / width, stored.Width, stored.Height);
            to[i] = from[(y * stored.Width) + x];
        }

        return upright;
    }

    private static SKBitmap Opaque(SKBitmap source, int width, int height)
    {
        var target = new SKBitmap(Info(width, height));
        using var canvas = new SKCanvas(target);
        using SKImage image = SKImage.FromPixels(source.PeekPixels());
        canvas.Clear(SKColors.White);
        canvas.DrawImage(image, new SKRect(0, 0, width, height), Sampling(enlarged: width > source.Width));
        return target;
    }

    private static SKSamplingOptions Sampling(bool enlarged) =>
        enlarged ? new SKSamplingOptions(SKCubicResampler.Mitchell) : new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);

    private static SKImageInfo Info(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
}
