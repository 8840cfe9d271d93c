namespace KeypointPipeline.Images.Codecs;

/// <summary>Counts the frames of WebP animations. The native decoder's own count takes a time that grows with the square of the
/// number of frames: 15 seconds for 100,000.</summary>
internal static class WebPFrames
{
    /// <summary>Returns the number of frames, or 0 if the file is not an animation.</summary>
    public static int Count(ReadOnlySpan<byte> file)
    {
        int frames = 0;
        var chunks = new WebPChunks(file);
        while (chunks.MoveNext())
        {
            if (chunks.Type.SequenceEqual("ANMF"u8))
                frames++;
        }

        return frames;
    }
}
