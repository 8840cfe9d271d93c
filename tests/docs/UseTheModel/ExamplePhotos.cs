using SkiaSharp;

namespace KeypointPipeline.Docs.Tests.UseTheModel;

/// <summary>Photos of several shapes and formats, drawn with shapes that any mistake in preparing them moves.</summary>
internal static class ExamplePhotos
{
    /// <summary>APP1 with EXIF: big-endian, one entry, orientation 6 (turn by 90° to the right).</summary>
    private static readonly byte[] TurnedRight =
    [
        0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>Writes the photos into a folder.</summary>
    public static void Write(string folder)
    {
        Save("wide.png", 301, 97, SKEncodedImageFormat.Png, SKAlphaType.Opaque);
        Save("tall.png", 61, 200, SKEncodedImageFormat.Png, SKAlphaType.Opaque);
        Save("small.png", 19, 30, SKEncodedImageFormat.Png, SKAlphaType.Opaque);
        Save("transparent.png", 120, 90, SKEncodedImageFormat.Png, SKAlphaType.Unpremul);
        Save("photo.jpg", 321, 240, SKEncodedImageFormat.Jpeg, SKAlphaType.Opaque);
        Save("large.jpg", 1_000, 1_203, SKEncodedImageFormat.Jpeg, SKAlphaType.Opaque);
        byte[] upright = File.ReadAllBytes(Path.Combine(folder, "photo.jpg"));
        File.WriteAllBytes(Path.Combine(folder, "turned.jpg"), [.. upright[..2], .. TurnedRight, .. upright[2..]]);

        void Save(string name, int width, int height, SKEncodedImageFormat format, SKAlphaType alpha)
        {
            using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha));
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    bitmap.SetPixel(x, y, Colour((double)x / width, (double)y / height, alpha));
            }

            using SKData data = bitmap.Encode(format, 92);
            File.WriteAllBytes(Path.Combine(folder, name), data.ToArray());
        }
    }

    /// <summary>A face of a kind: dark eyes and a mouth on a bright, shaded oval, before a coloured ground.</summary>
    private static SKColor Colour(double x, double y, SKAlphaType alpha)
    {
        double face = ((x - 0.5) * (x - 0.5) / 0.16) + ((y - 0.5) * (y - 0.5) / 0.2);
        bool dark = Near(0.34, 0.4, 0.06) || Near(0.68, 0.38, 0.07) || (Math.Abs(y - 0.72) < 0.04 && Math.Abs(x - 0.5) < 0.17);
        if (face > 1)
            return new SKColor((byte)(40 + (150 * x)), (byte)(90 + (90 * y)), (byte)(200 - (120 * x)), alpha == SKAlphaType.Opaque ? (byte)255 : (byte)(200 * (1 - x)));
        return dark ? new SKColor(50, 35, 30) : new SKColor((byte)(245 - (60 * x)), (byte)(205 - (50 * y)), (byte)(170 - (30 * x)));

        bool Near(double centreX, double centreY, double radius) => double.Hypot(x - centreX, y - centreY) < radius;
    }
}
