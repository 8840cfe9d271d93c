using System.Buffers.Binary;

namespace KeypointPipeline.Images;

/// <summary>Takes long metadata (texts, colour profiles) out of PNG files before they are decoded. The native decoder reads a chunk
/// that is not pixels in a time that grows with the square of its length: minutes for one of 60 MB. Nothing of it is used here.</summary>
internal static class PngMetadata
{
    /// <summary>The longest chunk kept, bytes; as much as JPEG's segments hold, so that EXIF data always is.</summary>
    public const int LongestKept = 64 * 1024;

    private const int SignatureBytes = 8;

    /// <summary>Length before a chunk's data, type, checksum behind.</summary>
    private const int ChunkOverhead = 12;

    /// <summary>The file without its long chunks of anything but pixels: the same memory where it has none.</summary>
    public static ReadOnlyMemory<byte> WithoutLong(ReadOnlyMemory<byte> file)
    {
        MemoryStream? kept = null;
        int copied = 0;
        int next = Math.Min(SignatureBytes, file.Length);
        while (TryReadChunk(file.Span[next..], out int length, out bool isPixels))
        {
            int end = next + length;
            if (length > LongestKept + ChunkOverhead && !isPixels)
            {
                kept ??= new MemoryStream(file.Length);
                kept.Write(file.Span[copied..next]);
                copied = end;
            }

            next = end;
        }

        if (kept is null)
            return file;
        kept.Write(file.Span[copied..]);
        return kept.GetBuffer().AsMemory(0, (int)kept.Length);
    }

    /// <summary>Reads a chunk's head; false where it is not there, or says that it is longer than the file.</summary>
    private static bool TryReadChunk(ReadOnlySpan<byte> text, out int length, out bool isPixels)
    {
        length = 0;
        isPixels = false;
        if (text.Length < ChunkOverhead)
            return false;
        long whole = BinaryPrimitives.ReadUInt32BigEndian(text) + (long)ChunkOverhead;
        if (whole > text.Length)
            return false;
        length = (int)whole;
        isPixels = text[4..8].SequenceEqual("IDAT"u8);
        return true;
    }
}
