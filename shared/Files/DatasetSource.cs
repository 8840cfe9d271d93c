namespace KeypointPipeline.Files;

/// <summary>A labelled file as it was dropped: <c>.csv</c>, <c>.csv.gz</c> or <c>.zip</c>, wherever it lies.</summary>
/// <param name="Name">Path or blob name. Only ever shown and used to tell the format, never as a local path.</param>
/// <param name="OpenAsync">Opens it from the start. A <c>.zip</c> needs a seekable stream, the others any.</param>
/// <param name="Length">Bytes, where known: a stream that ends earlier is then a failed read, never a short file.</param>
/// <param name="ETag">The blob's ETag, or null for a plain file.</param>
public sealed record DatasetSource(
    string Name,
    Func<CancellationToken, Task<Stream>> OpenAsync,
    long? Length = null,
    string? ETag = null)
{
    /// <summary>.NET's unpackers ask for 8 KB at a time.</summary>
    private const int BufferBytes = 256 * 1024;

    /// <summary>A file on this machine.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static DatasetSource FromFile(string path)
    {
        var file = new FileInfo(path);
        return new DatasetSource(file.Name, Open, file.Length);

        Task<Stream> Open(CancellationToken cancellationToken) => Task.FromResult<Stream>(new FileStream(
            file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan));
    }
}
