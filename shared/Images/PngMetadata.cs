using System.Buffers.Binary;

namespace KeypointPipeline.Images;

/// <summary>Removes long metadata (texts, colour profiles) from PNG files before they are decoded. For a metadata chunk, the native
/// decoder takes a time that grows with the square of its length: minutes for 60 MB. The pipeline does not use this metadata.</summary>
internal static class PngMetadata
{
    /// <summary>The maximum length of a metadata chunk that is kept, in bytes. A JPEG segment has the same maximum, so EXIF data is
    /// always kept.</summary>
    public const int LongestKept = 64 * 1024;

    private const int SignatureBytes = 8;

    /// <summary>Bytes of a chunk around its data: length and type before, checksum after.</summary>
    private const int ChunkOverhead = 12;

    /// <summary>Returns the file without long chunks, except chunks of pixels. Returns the same memory if it has no long chunks.</summary>
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

    /// <summary>Reads the head of a chunk. Returns false if it is missing or states a length beyond the end of the file.</summary>
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
