using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Encodes pictures as phones do: it stores the sensor's pixels unchanged, and an EXIF orientation that says how to turn
/// them.</summary>
internal static class TurnedJpeg
{
    /// <summary>The EXIF orientations that phones write for pictures that are not upright. Each has the clockwise turn, in degrees, that
    /// a viewer applies.</summary>
    public static IReadOnlyList<(byte Orientation, int Degrees)> Turns { get; } = [(6, 90), (3, 180), (8, 270)];

    /// <summary>Encodes a picture. Its pixels, turned as its EXIF orientation says, show the upright picture.</summary>
    public static byte[] Encode(SKBitmap upright, (byte Orientation, int Degrees) turn, int quality)
    {
        bool onItsSide = turn.Degrees % 180 != 0;
        using var stored = new SKBitmap(
            upright.Info.WithSize(onItsSide ? upright.Height : upright.Width, onItsSide ? upright.Width : upright.Height));
        using (var canvas = new SKCanvas(stored))
        {
            canvas.Translate(stored.Width / 2f, stored.Height / 2f);
            canvas.RotateDegrees(-turn.Degrees);
            canvas.DrawBitmap(upright, -upright.Width / 2f, -upright.Height / 2f, new SKSamplingOptions(SKFilterMode.Nearest));
        }

        using SKData data = stored.Encode(SKEncodedImageFormat.Jpeg, quality);
        ReadOnlySpan<byte> jpeg = data.AsSpan();
        const int StartOfImage = 2;
        return [.. jpeg[..StartOfImage], .. OrientationSegment(turn.Orientation), .. jpeg[StartOfImage..]];
    }

    // An APP1 segment with one TIFF entry: tag 0x0112 (Orientation), one SHORT. Exif 2.32, sections 4.5.4 and 4.6.4.
    private static byte[] OrientationSegment(byte orientation) =>
    [
        0xFF, 0xE1, 0x00, 0x22, .. "Exif\0\0"u8,
        .. "MM\0*"u8, 0, 0, 0, 8,
        0, 1,
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
        0, 0, 0, 0,
    ];
}
