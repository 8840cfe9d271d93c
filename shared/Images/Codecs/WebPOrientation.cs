using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>Finds the orientation of a WebP file. The native decoder finds it too, unless the EXIF data begins with <c>Exif\0\0</c>, as
/// libvips writes it.</summary>
internal static class WebPOrientation
{
    private const byte HasExif = 0b0000_1000;

    /// <summary>Returns the orientation, or null if the file states none. As in other decoders, EXIF data counts only if the file's first chunk
    /// announces it.</summary>
    public static SKEncodedOrigin? Find(ReadOnlySpan<byte> file)
    {
        var chunks = new WebPChunks(file);
        if (!chunks.MoveNext() || !chunks.Type.SequenceEqual("VP8X"u8) || chunks.Data.IsEmpty || (chunks.Data[0] & HasExif) == 0)
            return null;
        while (chunks.MoveNext())
        {
            if (chunks.Type.SequenceEqual("EXIF"u8))
                return ExifOrientation.Find(chunks.Data);
        }

        return null;
    }
}
