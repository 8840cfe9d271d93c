namespace KeypointPipeline.Images.Codecs;

/// <summary>Removes long metadata (texts, colour profiles) from PNG files before they are decoded. For a metadata chunk, the native
/// decoder takes a time that grows with the square of its length: minutes for 60 MB. The pipeline does not use this metadata, except
/// for the orientation, which it reads before.</summary>
internal static class PngMetadata
{
    /// <summary>The maximum length of a metadata chunk that is kept, in bytes.</summary>
    public const int LongestKept = 64 * 1024;

    /// <summary>Returns the file without long chunks, except chunks of pixels. Returns the same memory if it has no long chunks.</summary>
    public static ReadOnlyMemory<byte> WithoutLong(ReadOnlyMemory<byte> file)
    {
        MemoryStream? kept = null;
        int copied = 0;
        var chunks = new PngChunks(file.Span);
        while (chunks.MoveNext())
        {
            if (chunks.Data.Length <= LongestKept || chunks.Type.SequenceEqual("IDAT"u8))
                continue;
            kept ??= new MemoryStream(file.Length);
            kept.Write(file.Span[copied..chunks.Start]);
            copied = chunks.End;
        }

        if (kept is null)
            return file;
        kept.Write(file.Span[copied..]);
        return kept.GetBuffer().AsMemory(0, (int)kept.Length);
    }
}
