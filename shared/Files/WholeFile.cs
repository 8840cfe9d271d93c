using System.Text;

namespace KeypointPipeline.Files;

/// <summary>Writes a file beside its place and renames it into that place: readers see the old file or the whole new one, also after
/// the writer was killed. Disposed without <see cref="Commit"/>, it leaves nothing behind.</summary>
public sealed class WholeFile : IDisposable, IAsyncDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly WholeFileOptions _options;
    private bool _committed;

    private WholeFile(string path, WholeFileOptions options)
    {
        _path = path;
        _options = options;
        string aside = options.HasFlag(WholeFileOptions.SeveralWriters) ? $"{path}.{Guid.NewGuid():N}.partial" : $"{path}.partial";
        var file = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous,
        };
        if (options.HasFlag(WholeFileOptions.OwnerOnly) && !OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        // A writer that was killed may have left one, with other permissions.
        File.Delete(aside);
        Stream = new FileStream(aside, file);
    }

    /// <summary>Takes the content, and gives back what was written.</summary>
    public FileStream Stream { get; }

    /// <summary>Where the content lies before <see cref="Commit"/>.</summary>
    public string TemporaryPath => Stream.Name;

    /// <summary>Starts a file. Its folder must exist.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static WholeFile Create(string path, WholeFileOptions options = WholeFileOptions.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new WholeFile(path, options);
    }

    /// <summary>Creates or replaces a text file, in UTF-8.</summary>
    public static void Write(string path, string content, WholeFileOptions options = WholeFileOptions.None) =>
        Write(path, Encoding.UTF8.GetBytes(content), options);

    /// <summary>Creates or replaces a file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, WholeFileOptions options = WholeFileOptions.None)
    {
        using WholeFile file = Create(path, options);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Creates or replaces a file.</summary>
    public static async Task WriteAsync(
        string path, ReadOnlyMemory<byte> content, WholeFileOptions options, CancellationToken cancellationToken)
    {
        await using WholeFile file = Create(path, options);
        await file.Stream.WriteAsync(content, cancellationToken);
        file.Commit();
    }

    /// <summary>Ends the writing, so that others can read the file at <see cref="TemporaryPath"/> before it is committed.</summary>
    /// <exception cref="IOException">The rest cannot be written.</exception>
    public void Close()
    {
        if (_options.HasFlag(WholeFileOptions.FlushToDisk) && Stream.CanWrite)
            Stream.Flush(flushToDisk: true);
        Stream.Dispose();
    }

    /// <summary>Puts the file in its place. Call it once, after the last write.</summary>
    /// <exception cref="IOException">The rest cannot be written, or the place is taken by a folder.</exception>
    public void Commit()
    {
        Close();
        File.Move(TemporaryPath, _path, overwrite: true);
        _committed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        DeleteUncommitted();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        DeleteUncommitted();
    }

    /// <summary>Once committed, a file of that name is the next writer's.</summary>
    private void DeleteUncommitted()
    {
        if (!_committed)
            File.Delete(TemporaryPath);
    }
}

/// <summary>How a <see cref="WholeFile"/> is written.</summary>
[Flags]
public enum WholeFileOptions
{
    /// <summary>By one writer at a time, for everyone whom the folder admits. What a killed writer leaves is overwritten by the next.</summary>
    None = 0,

    /// <summary>Several may write it at once; the last one wins. What a killed writer leaves stays.</summary>
    SeveralWriters = 1,

    /// <summary>Only its owner may read it (not on Windows, where the folder's permissions count).</summary>
    OwnerOnly = 2,

    /// <summary>The content is on the disk before the file is renamed, so that a power cut does not leave an empty one.</summary>
    FlushToDisk = 4,
}
