using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Draws small, correct images of every format and of many kinds of pixel.</summary>
internal static class ImageSeeds
{
    public static IReadOnlyList<byte[]> Jpegs { get; } =
    [
        Encode(40, 32, SKEncodedImageFormat.Jpeg, 80), Encode(17, 23, SKEncodedImageFormat.Jpeg, 30), Encode(64, 8, SKEncodedImageFormat.Jpeg, 100),
        JpegParts.WithOrientation(Encode(24, 40, SKEncodedImageFormat.Jpeg, 70), 6), JpegParts.Progressive(33, 25, components: 1, scans: 3), JpegParts.Progressive(16, 48, components: 3, scans: 9),
        Encode(40, 24, SKEncodedImageFormat.Jpeg, 75)[..^2],
    ];

    public static IReadOnlyList<byte[]> Pngs { get; } =
    [
        Encode(31, 17, SKEncodedImageFormat.Png, 100), Encode(8, 40, SKEncodedImageFormat.Png, 100, alpha: 90), PngParts.Create(16, 16, depth: 8, colours: 0), PngParts.Create(33, 9, depth: 1, colours: 0),
        PngParts.Create(12, 12, depth: 16, colours: 2), PngParts.Create(16, 24, depth: 4, colours: 3), PngParts.Create(20, 20, depth: 8, colours: 6, isInterlaced: true), PngParts.Create(10, 10, depth: 16, colours: 4),
        PngParts.WithOrientation(PngParts.Create(14, 20, depth: 8, colours: 2), 6), PngParts.WithOrientationInText(PngParts.Create(14, 20, depth: 8, colours: 0), 8),
    ];

    public static IReadOnlyList<byte[]> WebPs { get; } =
    [
        Encode(40, 32, SKEncodedImageFormat.Webp, 50), Encode(16, 16, SKEncodedImageFormat.Webp, 100), Encode(24, 18, SKEncodedImageFormat.Webp, 60, alpha: 120),
        WebPParts.Extended(Encode(30, 20, SKEncodedImageFormat.Webp, 40), 30, 20), WebPParts.Extended(Encode(20, 30, SKEncodedImageFormat.Webp, 40), 20, 30, prefix: "Exif\0\0"u8), WebPParts.Animated(Encode(9, 9, SKEncodedImageFormat.Webp, 40), 9, 9, frames: 2),
    ];

    public static IReadOnlyList<byte[]> Bmps { get; } =
    [
        BmpParts.Create(20, 15, bits: 24), BmpParts.Create(20, -15, bits: 32), BmpParts.Create(16, 16, bits: 8), BmpParts.Create(30, 7, bits: 4), BmpParts.Create(40, 9, bits: 1),
        BmpParts.Create(12, 12, bits: 16), BmpParts.RunLengths(16, 6),
    ];

    public static IReadOnlyList<byte[]> Netpbms { get; } =
    [
        NetpbmParts.Create('2', 12, 9, largest: 255), NetpbmParts.Create('3', 7, 5, largest: 15), NetpbmParts.Create('5', 30, 20, largest: 255), NetpbmParts.Create('5', 9, 9, largest: 4095),
        NetpbmParts.Create('6', 16, 12, largest: 255), NetpbmParts.Create('6', 8, 8, largest: 65535), [.. "P5\r\n# a comment\r\n4 2\r\n255\r\nabcdefgh"u8], [.. "P2 2 2 1 0 1 1 0"u8],
    ];

    /// <summary>Files of other formats that people may drop as images.</summary>
    public static IReadOnlyList<byte[]> Foreign { get; } =
    [
        [.. "GIF89a\u0001\0\u0001\0\0\0\0,\0\0\0\0\u0001\0\u0001\0\0\u0002\u0002D\u0001\0;"u8], [.. "II*\0\u0008\0\0\0\0\0\0\0\0\0"u8], [.. "\0\0\0\u0018ftypheic\0\0\0\0mif1heic"u8],
        [.. "\0\0\0\u001cftypavif\0\0\0\0"u8], [.. "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8], [.. "%PDF-1.7\n"u8], [0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 0, 1, 0, 0, 22, 0, 0, 0],
        [0, 0, 16, 16, 1, 2, 3], [.. "PK\u0003\u0004"u8], [.. "P1 2 2 0 1 1 0"u8], [.. "P7\nWIDTH 2\n"u8], [.. "not an image at all"u8], [],
    ];

    /// <summary>Draws a gradient with a few colours and edges.</summary>
    private static byte[] Encode(int width, int height, SKEncodedImageFormat format, int quality, byte alpha = 255)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = ((uint)alpha << 24) | (uint)((i % width * 6) | ((i / width * 5) << 8) | ((i * 37 % 256) << 16));
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
