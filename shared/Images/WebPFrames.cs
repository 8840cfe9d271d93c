using System.Buffers.Binary;

namespace KeypointPipeline.Images;

/// <summary>Counts the frames of WebP animations. The native decoder's own count takes a time that grows with the square of the
/// number of frames: 15 seconds for 100,000.</summary>
internal static class WebPFrames
{
    private const int FirstChunk = 12;
    private const int ChunkHead = 8;

    /// <summary>Returns the number of frames, or 0 if the file is not an animation.</summary>
    public static int Count(ReadOnlySpan<byte> file)
    {
        int frames = 0;
        long next = FirstChunk;
        while (next + ChunkHead <= file.Length)
        {
            ReadOnlySpan<byte> head = file.Slice((int)next, ChunkHead);
            if (head.StartsWith("ANMF"u8))
                frames++;
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            next += ChunkHead + (long)size + (size & 1);
        }

        return frames;
    }
}
