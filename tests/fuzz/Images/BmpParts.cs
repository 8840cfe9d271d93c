using System.Buffers.Binary;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Writes Windows bitmaps.</summary>
internal static class BmpParts
{
    private const int PaletteBytes = 4 * 256;
    private const int PixelsAt = 54 + PaletteBytes;

    /// <summary>Uncompressed pixels.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels; negative where the first line is the top one.</param>
    /// <param name="bits">1, 4, 8, 16, 24 or 32 a pixel.</param>
    public static byte[] Create(int width, int height, byte bits)
    {
        int lineBytes = ((width * bits) + 31) / 32 * 4;
        return Create(width, height, bits, compression: 0, [.. Enumerable.Range(0, lineBytes * Math.Abs(height)).Select(i => (byte)(i * 11))]);
    }

    /// <summary>Run-length encoded pixels: two runs a line.</summary>
    public static byte[] RunLengths(int width, int height)
    {
        byte[] line = [(byte)(width / 2), 7, (byte)(width - (width / 2)), 200, 0, 0];
        return Create(width, height, bits: 8, compression: 1, [.. Enumerable.Repeat(line, height).SelectMany(bytes => bytes), 0, 1]);
    }

    private static byte[] Create(int width, int height, byte bits, byte compression, byte[] pixels)
    {
        byte[] file = [.. "BM"u8, .. new byte[52], .. Enumerable.Range(0, PaletteBytes).Select(i => (byte)(i / 4)), .. pixels];
        void Put(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        Put(2, file.Length);
        Put(10, PixelsAt);
        Put(14, 40);
        Put(18, width);
        Put(22, height);
        (file[26], file[28], file[30]) = (1, bits, compression);
        Put(34, pixels.Length);
        return file;
    }
}
