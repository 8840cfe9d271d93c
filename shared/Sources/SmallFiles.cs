using System.Runtime.CompilerServices;
using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>Reads many small files of a set, a few ahead: in storage each costs a request.</summary>
internal static class SmallFiles
{
    private const int Ahead = 16;

    /// <summary>Bytes of the first buffer of a file whose size is unknown.</summary>
    private const int FirstBytes = 32 * 1024;

    /// <summary>Reads files in the given order.</summary>
    /// <param name="set">The set.</param>
    /// <param name="files">The files.</param>
    /// <param name="mostBytes">The most bytes of a file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public static async IAsyncEnumerable<SmallFile> ReadAsync(
        FileSet set, IEnumerable<SetFile> files, int mostBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = new Queue<Task<SmallFile>>();
        try
        {
            foreach (SetFile file in files)
            {
                reading.Enqueue(ReadAsync(set, file, mostBytes, stop.Token));
                if (reading.Count == Ahead)
                    yield return await reading.Dequeue();
            }

            while (reading.Count > 0)
                yield return await reading.Dequeue();
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(reading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<SmallFile> ReadAsync(FileSet set, SetFile file, int mostBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await file.OpenAsync(cancellationToken);
            byte[] content = new byte[Math.Min(file.Length ?? FirstBytes, mostBytes) + 1];
            int length = 0;
            while (await stream.ReadAsync(content.AsMemory(length), cancellationToken) is int read and > 0)
            {
                length += read;
                if (length > mostBytes)
                    return new SmallFile(file, default, $"has more than {mostBytes:N0} bytes");
                if (length == content.Length)
                    Array.Resize(ref content, 2 * content.Length);
            }

            return new SmallFile(file, content.AsMemory(0, length), Problem: null);
        }
        catch (RejectedFileException e)
        {
            return new SmallFile(file, default, $"cannot be read from {set.Name}. {e.Message}");
        }
    }
}

/// <summary>A file that was read.</summary>
/// <param name="File">The file.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Problem">Why there are none, in words that follow the file's name; null if there are.</param>
internal readonly record struct SmallFile(SetFile File, ReadOnlyMemory<byte> Content, string? Problem);
