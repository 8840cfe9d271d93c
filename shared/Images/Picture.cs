using System.Runtime.InteropServices;
using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Images.Resampling;
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
    /// <param name="stored">Pixels in the stored orientation.</param>
    /// <param name="orientation">How to turn the stored pixels upright.</param>
    /// <param name="minimumSide">Minimum length of the longer side in pixels.</param>
    /// <param name="maximumSide">Maximum length of the longer side in pixels.</param>
    internal static Picture Create(PixelPyramid stored, Orientation orientation, int minimumSide, int maximumSide)
    {
        (int storedWidth, int storedHeight) = (stored.Finest.Width, stored.Finest.Height);
        int longer = Math.Max(storedWidth, storedHeight);
        double scale = (double)Math.Clamp(longer, minimumSide, maximumSide) / longer;
        int width = Math.Max(1, (int)Math.Round(storedWidth * scale));
        int height = Math.Max(1, (int)Math.Round(storedHeight * scale));
        SKBitmap small = Opaque(stored, width, height);
        if (orientation.Origin == SKEncodedOrigin.TopLeft)
            return new Picture(small);
        using (small)
            return new Picture(Turned(small, orientation));
    }

    /// <summary>Returns a copy whose longer side has at most <paramref name="maximumSide"/> pixels.</summary>
    public Picture Shrink(int maximumSide)
    {
        using var levels = new PixelPyramid(_bitmap, isOpaque: true);
        return Create(levels, new Orientation(SKEncodedOrigin.TopLeft), 1, maximumSide);
    }

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

    /// <summary>Draws the level that is less than twice as large as the result.</summary>
    private static SKBitmap Opaque(PixelPyramid source, int width, int height)
    {
        (PixelLevel level, int halvings) = source.For((double)source.Finest.Width / width, least: 1);
        var target = new SKBitmap(Info(width, height));
        using var canvas = new SKCanvas(target);
        using SKPixmap pixels = level.Pixels.PeekPixels();
        // Skia draws pixels that it knows to be opaque in half the time.
        using SKPixmap drawn = pixels.WithAlphaType(level.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        using SKImage image = SKImage.FromPixels(drawn);
        canvas.Clear(SKColors.White);
        // The last column and line of a level may reach past the picture.
        float right = (float)((double)width * (level.Width << halvings) / source.Finest.Width);
        float bottom = (float)((double)height * (level.Height << halvings) / source.Finest.Height);
        canvas.DrawImage(image, new SKRect(0, 0, right, bottom), Sampling(level.Width, width));
        return target;
    }

    private static SKSamplingOptions Sampling(int from, int to) => from == to
        ? SKSamplingOptions.Default
        : from < to
            ? new SKSamplingOptions(SKCubicResampler.Mitchell)
            : new SKSamplingOptions(SKFilterMode.Linear);

    private static SKImageInfo Info(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
}
