using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Images;

/// <summary>Reads whole streams up to a limit. It does not trust the length that a stream states.</summary>
internal static class LimitedReader
{
    /// <summary>Reads a file of a set to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maximumBytes">The most bytes that are read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ImageRejectedException">The file has more than <paramref name="maximumBytes"/> bytes.</exception>
    /// <exception cref="RejectedFileException">The file is damaged or gone.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<ArraySegment<byte>> ReadAsync(SetFile file, int maximumBytes, CancellationToken cancellationToken)
    {
        if (file.Length > maximumBytes)
            throw new ImageRejectedException($"The file has {file.Length:N0} bytes; at most {maximumBytes:N0} are read.");
        await using Stream stream = await file.OpenAsync(cancellationToken);
        return await ReadAsync(stream, maximumBytes, cancellationToken, file.Length);
    }

    /// <summary>Reads a stream to its end. What is in memory already is not copied.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maximumBytes">The most bytes that are read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="expectedBytes">The length as somebody states it, or null. Another length is read too.</param>
    /// <exception cref="ImageRejectedException">The stream has more than <paramref name="maximumBytes"/> bytes.</exception>
    public static async Task<ArraySegment<byte>> ReadAsync(
        Stream stream, int maximumBytes, CancellationToken cancellationToken, long? expectedBytes = null)
    {
        if (stream is MemoryStream memory && memory.Length - memory.Position <= maximumBytes && memory.TryGetBuffer(out ArraySegment<byte> whole))
            return whole[(int)memory.Position..];
        byte[] buffer = new byte[StartSize(stream, maximumBytes, expectedBytes)];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return new ArraySegment<byte>(buffer, 0, length);
            length += read;
            if (length > maximumBytes)
                throw new ImageRejectedException($"The file has more than {maximumBytes:N0} bytes, which is the limit.");
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * length, maximumBytes + 1L));
        }
    }

    /// <summary>Returns the initial size of the buffer. If the length is known, it is one byte more: the read that finds the end needs
    /// room.</summary>
    private static int StartSize(Stream stream, int maximumBytes, long? expectedBytes) =>
        (stream.CanSeek ? stream.Length - stream.Position : expectedBytes) is long bytes
            ? (int)Math.Clamp(bytes + 1, 1, maximumBytes + 1L)
            : Math.Min(1 << 16, maximumBytes) + 1;
}
