namespace KeypointPipeline.Files;

/// <summary>A labelled file as it was dropped into a folder or a container. Its name ends in one of <see cref="FileNames.DatasetEndings"/>.</summary>
/// <param name="Name">Path or blob name. It appears in messages and determines the format. It is never used as a local path.</param>
/// <param name="OpenAsync">Opens the file at its start. A zip needs a stream that can seek.</param>
/// <param name="Length">Size in bytes, or null if unknown. If it is known, a stream that ends earlier is a failed read, not a short file.</param>
/// <param name="ETag">The blob's ETag, or null for a plain file.</param>
public sealed record DatasetSource(
    string Name,
    Func<CancellationToken, Task<Stream>> OpenAsync,
    long? Length = null,
    string? ETag = null)
{
    /// <summary>.NET's decompressors read 8 KB at a time. A larger buffer saves system calls.</summary>
    private const int BufferBytes = 256 * 1024;

    /// <summary>Finds the sidecar beside the file, or is null if there can be none. A sidecar in a zip counts only if there is none
    /// beside the zip.</summary>
    public Func<CancellationToken, Task<SidecarFile?>>? FindSidecarAsync { get; init; }

    /// <summary>Creates the source of a local file.</summary>
    /// <exception cref="FileNotFoundException">There is no file at that path.</exception>
    public static DatasetSource FromFile(string path)
    {
        var file = new FileInfo(path);
        return new DatasetSource(file.Name, Open, file.Length) { FindSidecarAsync = token => SidecarFile.FindBesideAsync(file, token) };

        Task<Stream> Open(CancellationToken cancellationToken) => Task.FromResult<Stream>(new FileStream(
            file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan));
    }
}
