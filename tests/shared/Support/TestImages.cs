using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>Image files made for tests, pixel by pixel.</summary>
internal static class TestImages
{
    /// <summary>A two-colour-frame animation, made with img2webp.</summary>
    public static byte[] AnimatedWebP { get; } = Convert.FromBase64String(
        "UklGRoQAAABXRUJQVlA4WAoAAAACAAAABwAABwAAQU5JTQYAAAD/////AABBTk1GKAAAAAAAAAAAAAcAAAcAAGQAAAJWUDhMDwAAAC8HwAEABxD9j/4HIqL/" +
        "AQBBTk1GKAAAAAAAAAAAAAcAAAcAAGQAAABWUDhMDwAAAC8HwAEABxDR//4HIqL/AQA=");

    /// <summary>16×16 pixels of rgb(200, 100, 50) in four inks, as Adobe writes them; made with ImageMagick.</summary>
    public static byte[] CmykJpeg { get; } = Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/9sAQwED" +
        "BAQFBAUJBQUJFA0LDRQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU/8AAFAgAEAAQBAERAAIRAQMRAQQRAP/EABYAAQEB" +
        "AAAAAAAAAAAAAAAAAAAHCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAAACP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAOBAEAAhEDEQQAAD8A" +
        "lijUjtgAAAAP/9k=");

    /// <summary>Encodes an image drawn by a function of column and row.</summary>
    public static byte[] Encode(int width, int height, Func<int, int, SKColor> colour, SKEncodedImageFormat format, int quality = 100)
    {
        if (format == SKEncodedImageFormat.Bmp)
            return Bmp(width, height, colour);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Span<SKColor> pixels = MemoryMarshal.Cast<byte, SKColor>(bitmap.GetPixelSpan());
        for (int i = 0; i < pixels.Length; i++)
        {
            SKColor c = colour(i % width, i / width);
            // SKColor lies in memory as blue, green, red, alpha.
            pixels[i] = new SKColor(c.Blue, c.Green, c.Red, c.Alpha);
        }

        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>A soft white spot on black.</summary>
    public static Func<int, int, SKColor> Spot(double centreX, double centreY, double sigma) => (x, y) =>
    {
        double square = ((x - centreX) * (x - centreX)) + ((y - centreY) * (y - centreY));
        byte grey = (byte)Math.Round(255 * Math.Exp(-square / (2 * sigma * sigma)));
        return new SKColor(grey, grey, grey);
    };

    /// <summary>An upright image as a camera held another way stores it (EXIF 2.3, tag 0x0112), without the tag.</summary>
    public static (int Width, int Height, Func<int, int, SKColor> Colour) Stored(
        int width, int height, Func<int, int, SKColor> upright, int orientation) => orientation switch
        {
            2 => (width, height, (c, r) => upright(width - 1 - c, r)),
            3 => (width, height, (c, r) => upright(width - 1 - c, height - 1 - r)),
            4 => (width, height, (c, r) => upright(c, height - 1 - r)),
            5 => (height, width, (c, r) => upright(r, c)),
            6 => (height, width, (c, r) => upright(width - 1 - r, c)),
            7 => (height, width, (c, r) => upright(width - 1 - r, height - 1 - c)),
            8 => (height, width, (c, r) => upright(r, height - 1 - c)),
            _ => (width, height, upright),
        };

    /// <summary>Puts an APP1 segment with nothing but the orientation behind a JPEG's first marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>A PNG of any kind of pixel, unfiltered.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="depth">Bits per sample.</param>
    /// <param name="colourType">0 grey, 2 RGB, 3 palette, 6 RGBA.</param>
    /// <param name="line">The bytes of every line.</param>
    /// <param name="palette">RGB triples, for type 3.</param>
    public static byte[] Png(int width, int height, byte depth, byte colourType, byte[] line, byte[]? palette = null)
    {
        using var png = new MemoryStream();
        png.Write([0x89, .. "PNG\r\n"u8, 0x1A, 0x0A]);
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, depth, colourType, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        png.Write(PngChunk("IHDR"u8, header));
        if (palette is not null)
            png.Write(PngChunk("PLTE"u8, palette));
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
                zlib.Write([0, .. line]);
        }

        png.Write(PngChunk("IDAT"u8, compressed.ToArray()));
        png.Write(PngChunk("IEND"u8, []));
        return png.ToArray();
    }

    /// <summary>A progressive JPEG of one grey: a scan of the means, then scans that add nothing.</summary>
    public static byte[] ProgressiveJpeg(int width, int height, int detailScans)
    {
        int blocks = ((width + 7) / 8) * ((height + 7) / 8);
        byte[] detail = [.. Segment(0xDA, [1, 1, 0, 1, 63, 0]), 0, 0];
        return
        [
            0xFF, 0xD8,
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)8, 64)]),
            .. Segment(0xC2, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
            .. Segment(0xC4, [0x00, 1, .. new byte[15], 0]),
            .. Segment(0xC4, [0x10, 1, .. new byte[15], 0xE0]),
            .. Segment(0xDA, [1, 1, 0, 0, 0, 0]),
            .. new byte[(blocks / 8) + 1],
            .. Enumerable.Repeat(detail, detailScans).SelectMany(scan => scan),
            0xFF, 0xD9,
        ];

        static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];
    }

    /// <summary>A PNG chunk with its length and checksum.</summary>
    public static byte[] PngChunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static byte[] Bmp(int width, int height, Func<int, int, SKColor> colour)
    {
        int stride = ((width * 3) + 3) / 4 * 4;
        byte[] bmp = new byte[54 + (stride * height)];
        "BM"u8.CopyTo(bmp);
        void Put(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(at), value);
        Put(2, bmp.Length);
        Put(10, 54);
        Put(14, 40);
        Put(18, width);
        Put(22, height);
        Put(26, 1 | (24 << 16));
        Put(34, stride * height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                SKColor c = colour(x, y);
                new[] { c.Blue, c.Green, c.Red }.CopyTo(bmp, 54 + ((height - 1 - y) * stride) + (x * 3));
            }
        }

        return bmp;
    }
}
