namespace KeypointPipeline.Images;

/// <summary>Reads a whole stream, up to a limit, whatever length it claims.</summary>
internal static class LimitedReader
{
    /// <exception cref="ImageRejectedException">There is more than the limit.</exception>
    public static async Task<ArraySegment<byte>> ReadAsync(Stream stream, int maximumBytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[StartSize(stream, maximumBytes)];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return new ArraySegment<byte>(buffer, 0, length);
            length += read;
            if (length > maximumBytes)
                throw new ImageRejectedException($"The file has more than {maximumBytes:N0} bytes, the most that is read.");
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * length, maximumBytes + 1L));
        }
    }

    /// <summary>One byte more than the file where its length is known: the read that finds the end needs room.</summary>
    private static int StartSize(Stream stream, int maximumBytes) =>
        stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, 1, maximumBytes + 1L) : Math.Min(1 << 16, maximumBytes) + 1;
}
