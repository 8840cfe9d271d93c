namespace KeypointPipeline.Files;

/// <summary>A labelled file as it was dropped, in a folder or a container; <see cref="FileNames.DatasetEndings"/> are read.</summary>
/// <param name="Name">Path or blob name. It is shown and tells the format; it is never used as a local path.</param>
/// <param name="OpenAsync">Opens it at its start. A zip needs a stream that can seek.</param>
/// <param name="Length">Bytes, if known. A stream that ends earlier is then a failed read, not a short file.</param>
/// <param name="ETag">The blob's ETag, or null for a plain file.</param>
public sealed record DatasetSource(
    string Name,
    Func<CancellationToken, Task<Stream>> OpenAsync,
    long? Length = null,
    string? ETag = null)
{
    /// <summary>.NET's unpackers read 8 KB at a time; a larger buffer saves calls.</summary>
    private const int BufferBytes = 256 * 1024;

    /// <summary>A file on this machine.</summary>
    /// <exception cref="FileNotFoundException">There is no file at that path.</exception>
    public static DatasetSource FromFile(string path)
    {
        var file = new FileInfo(path);
        return new DatasetSource(file.Name, Open, file.Length);

        Task<Stream> Open(CancellationToken cancellationToken) => Task.FromResult<Stream>(new FileStream(
            file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan));
    }
}
