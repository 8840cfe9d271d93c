using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>The effects of a camera on the picture: focus, exposure, contrast, colour cast and noise. None of them moves a
/// keypoint.</summary>
internal sealed record Photograph
{
    /// <summary>Standard deviation of the blur, frame units.</summary>
    public required float Blur { get; init; }

    public required float Exposure { get; init; }

    public required float Contrast { get; init; }

    public required float Warmth { get; init; }

    /// <summary>Standard deviation of the noise, grey levels.</summary>
    public required float Noise { get; init; }

    public required bool BlackAndWhite { get; init; }

    public required ulong NoiseSeed { get; init; }

    /// <summary>Chooses a camera.</summary>
    public static Photograph Sample(FaceRandom random) => new()
    {
        Blur = random.Chance(0.5f) ? 0 : random.Between(0.2f, 0.7f),
        Exposure = random.Around(0.96f, 0.1f),
        Contrast = random.Around(1, 0.12f),
        Warmth = random.Around(0, 0.03f),
        Noise = random.Chance(0.25f) ? 0 : random.Between(1, 6),
        BlackAndWhite = random.Chance(0.05f),
        NoiseSeed = random.NextBits(),
    };

    /// <summary>Takes the picture of a drawing.</summary>
    /// <param name="drawing">The drawing, a whole multiple of the picture's size.</param>
    /// <param name="picture">The picture to fill, 32-bit colour.</param>
    /// <param name="pixelsPerUnit">Pixels of the picture per frame unit.</param>
    public void Take(SKImage drawing, SKBitmap picture, float pixelsPerUnit)
    {
        using (var canvas = new SKCanvas(picture))
        using (var paint = new SKPaint())
        {
            float sigma = Blur * pixelsPerUnit;
            using SKImageFilter? blur = sigma > 0 ? SKImageFilter.CreateBlur(sigma, sigma, SKShaderTileMode.Clamp) : null;
            paint.ImageFilter = blur;
            canvas.DrawImage(drawing, new SKRect(0, 0, picture.Width, picture.Height),
                new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.None), paint);
        }

        Develop(MemoryMarshal.Cast<byte, uint>(picture.GetPixelSpan()));
    }

    /// <summary>Gets the brightness of a colour with the weights of ITU-R BT.601, as JPEG does.</summary>
    public static byte Grey(int red, int green, int blue) => (byte)(((red * 299) + (green * 587) + (blue * 114) + 500) / 1000);

    private void Develop(Span<uint> pixels)
    {
        // Rgba8888 has red in the lowest byte.
        byte[] red = Curve(Exposure * (1 + Warmth)), green = Curve(Exposure), blue = Curve(Exposure * (1 - Warmth));
        var random = new FaceRandom(NoiseSeed);
        int noise = (int)(Noise * 256 / 73.9f); // The sum of four random bytes has standard deviation 147.8 = 2 × 73.9.
        for (int i = 0; i < pixels.Length; i++)
        {
            uint pixel = pixels[i];
            int r = red[pixel & 255], g = green[(pixel >> 8) & 255], b = blue[(pixel >> 16) & 255];
            if (BlackAndWhite)
                r = g = b = Grey(r, g, b);
            if (noise > 0)
            {
                ulong bits = random.NextBits();
                int grain = (Bell((uint)bits) * noise) >> 9, tint = (Bell((uint)(bits >> 32)) * noise) >> 11;
                (r, g, b) = (Clamp(r + grain + tint), Clamp(g + grain), Clamp(b + grain - tint));
            }

            pixels[i] = (uint)(r | (g << 8) | (b << 16)) | 0xFF000000;
        }
    }

    private static int Bell(uint bits) =>
        (int)((bits & 255) + ((bits >> 8) & 255) + ((bits >> 16) & 255) + (bits >> 24)) - 510;

    private static int Clamp(int value) => Math.Clamp(value, 0, 255);

    private byte[] Curve(float gain)
    {
        byte[] curve = new byte[256];
        for (int i = 0; i < curve.Length; i++)
            curve[i] = (byte)Math.Clamp((i * gain - 118) * Contrast + 118 + 0.5f, 0, 255);
        return curve;
    }
}
