using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Decoded pixels, and the same at 1/2, 1/4 and so on of their size. Large reductions read a small level instead of all pixels. A
/// level is made when it is first needed.</summary>
internal sealed class PixelPyramid : IDisposable
{
    private static readonly Vector128<ushort> FirstPixel = Vector128.Create(ulong.MaxValue, 0).AsUInt16();
    private readonly List<PixelLevel> _levels;

    /// <summary>Creates a pyramid that has only its finest level.</summary>
    /// <param name="pixels">Unpremultiplied RGBA. They stay the caller's.</param>
    /// <param name="isOpaque">Whether no pixel is transparent.</param>
    public PixelPyramid(SKBitmap pixels, bool isOpaque) => _levels = [new PixelLevel(pixels, isOpaque)];

    /// <summary>The decoded pixels.</summary>
    public PixelLevel Finest => _levels[0];

    /// <summary>Returns the coarsest level that still has a number of pixels per pixel of the result, or the finest level.</summary>
    /// <param name="scale">Decoded pixels per pixel of the result.</param>
    /// <param name="least">The number.</param>
    /// <returns>The level, and how often it is halved.</returns>
    public (PixelLevel Level, int Halvings) For(double scale, double least)
    {
        int halvings = 0;
        while (scale / 2 >= least && (_levels[halvings].Width > 1 || _levels[halvings].Height > 1))
        {
            scale /= 2;
            halvings++;
            if (halvings == _levels.Count)
                _levels.Add(Halve(_levels[^1]));
        }

        return (_levels[halvings], halvings);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PixelLevel level in _levels.Skip(1))
            level.Pixels.Dispose();
    }

    /// <summary>Averages squares of 2×2 pixels. At an odd edge, the last column and line count twice.</summary>
    private static PixelLevel Halve(PixelLevel source)
    {
        int width = (source.Width + 1) / 2;
        int height = (source.Height + 1) / 2;
        var pixels = new SKBitmap(source.Pixels.Info.WithSize(width, height));
        Span<byte> target = pixels.GetPixelSpan();
        byte[] flat = new byte[source.IsOpaque ? 0 : source.Width * 8];
        for (int y = 0; y < height; y++)
        {
            HalveLines(
                source.FlatLine(2 * y, flat.AsSpan(0, flat.Length / 2)),
                source.FlatLine(Math.Min((2 * y) + 1, source.Height - 1), flat.AsSpan(flat.Length / 2)),
                target.Slice(y * pixels.RowBytes, width * 4));
        }

        return new PixelLevel(pixels, IsOpaque: true);
    }

    /// <summary>Adds two pixels of four colours. Both places get the sum.</summary>
    private static Vector128<ushort> AddPixels(Vector128<ushort> pixels) =>
        pixels + Vector128.Shuffle(pixels.AsUInt64(), Vector128.Create(1ul, 0ul)).AsUInt16();

    private static void HalveLines(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> target)
    {
        int at = 0;
        // Four pixels of both lines give two pixels.
        for (; at + 16 <= first.Length; at += 16)
        {
            (Vector128<ushort> left1, Vector128<ushort> right1) = Vector128.Widen(Vector128.Create(first.Slice(at, 16)));
            (Vector128<ushort> left2, Vector128<ushort> right2) = Vector128.Widen(Vector128.Create(second.Slice(at, 16)));
            Vector128<ushort> sum = Vector128.ConditionalSelect(FirstPixel, AddPixels(left1 + left2), AddPixels(right1 + right2));
            Vector128<ushort> mean = (sum + Vector128.Create((ushort)2)) >>> 2;
            MemoryMarshal.Write(target[(at / 2)..], Vector128.Narrow(mean, mean).AsUInt64().ToScalar());
        }

        for (; at < first.Length; at += 8)
        {
            int next = Math.Min(at + 4, first.Length - 4);
            for (int channel = 0; channel < 4; channel++)
                target[(at / 2) + channel] = (byte)((first[at + channel] + first[next + channel] + second[at + channel] + second[next + channel] + 2) / 4);
        }
    }
}

/// <summary>Pixels of one size.</summary>
/// <param name="Pixels">Unpremultiplied RGBA.</param>
/// <param name="IsOpaque">Whether no pixel is transparent.</param>
internal sealed record PixelLevel(SKBitmap Pixels, bool IsOpaque)
{
    // Asking the bitmap for each line took a fifth to two fifths of the time in which a window is sampled.
    private readonly nint _address = Pixels.GetPixels();
    private readonly int _stride = Pixels.RowBytes;

    /// <summary>Width in pixels.</summary>
    public int Width { get; } = Pixels.Width;

    /// <summary>Height in pixels.</summary>
    public int Height { get; } = Pixels.Height;

    /// <summary>Returns the RGBA bytes of a line.</summary>
    public unsafe ReadOnlySpan<byte> Line(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new ReadOnlySpan<byte>((byte*)_address + ((nint)y * _stride), Width * 4);
    }

    /// <summary>Returns the RGBA bytes of a line on white.</summary>
    /// <param name="y">Index of the line.</param>
    /// <param name="scratch">Room for the line if it is transparent.</param>
    public ReadOnlySpan<byte> FlatLine(int y, Span<byte> scratch)
    {
        ReadOnlySpan<byte> line = Line(y);
        if (IsOpaque)
            return line;
        for (int i = 0; i < line.Length; i += 4)
        {
            int alpha = line[i + 3];
            for (int channel = 0; channel < 3; channel++)
                scratch[i + channel] = (byte)(((line[i + channel] * alpha) + (255 * (255 - alpha)) + 127) / 255);
            scratch[i + 3] = byte.MaxValue;
        }

        return scratch;
    }
}
