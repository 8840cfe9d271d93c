using System.Buffers.Binary;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Finds and writes the parts of WebP files (RFC 9649).</summary>
internal static class WebPParts
{
    private const int FirstChunk = 12;
    private const byte ExifFlag = 8;
    private const byte AnimationFlag = 2;

    /// <summary>Adds metadata to a picture.</summary>
    /// <param name="simple">The picture.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="prefix">What precedes the EXIF data.</param>
    public static byte[] Extended(byte[] simple, int width, int height, ReadOnlySpan<byte> prefix = default) =>
        File(Canvas(ExifFlag, width, height), simple[FirstChunk..], Chunk("EXIF"u8, [.. prefix, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0]));

    /// <summary>Creates an animation.</summary>
    public static byte[] Animated(byte[] simple, int width, int height, int frames)
    {
        byte[] frame = Chunk("ANMF"u8, [0, 0, 0, 0, 0, 0, .. Size(width), .. Size(height), 100, 0, 0, 0, .. simple[FirstChunk..]]);
        return File([Canvas(AnimationFlag, width, height), Chunk("ANIM"u8, new byte[6]), ByteEdits.Repeat(frame, frames)]);
    }

    /// <summary>A chunk with its length.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        return [.. type, .. length, .. data, .. new byte[data.Length & 1]];
    }

    /// <summary>A file of chunks.</summary>
    public static byte[] File(params ReadOnlySpan<byte[]> chunks)
    {
        byte[] file = [.. "RIFF\0\0\0\0WEBP"u8, .. chunks.ToArray().SelectMany(chunk => chunk)];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    /// <summary>Finds the chunks, as far as the lengths are valid.</summary>
    public static List<Range> Chunks(byte[] file)
    {
        var chunks = new List<Range>();
        int next = FirstChunk;
        while (next + 8 <= file.Length && BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(next + 4)) is var length && length <= file.Length - next - 8)
        {
            int end = Math.Min(file.Length, next + 8 + (int)length + (int)(length & 1));
            chunks.Add(next..end);
            next = end;
        }

        return chunks;
    }

    private static byte[] Canvas(byte flags, int width, int height) => Chunk("VP8X"u8, [flags, 0, 0, 0, .. Size(width), .. Size(height)]);

    private static byte[] Size(int pixels) => [(byte)(pixels - 1), (byte)((pixels - 1) >> 8), (byte)((pixels - 1) >> 16)];
}
