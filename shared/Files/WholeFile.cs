using System.Text;

namespace KeypointPipeline.Files;

/// <summary>Writes a temporary file in the same folder and then renames it. Readers see the old file or the complete new file, even
/// if the writer is killed. If it is disposed without <see cref="Commit"/>, the temporary file is deleted.</summary>
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

        // A killed writer may have left a temporary file with other permissions.
        File.Delete(aside);
        Stream = new FileStream(aside, file);
    }

    /// <summary>The stream to write the content to. It can also be read.</summary>
    public FileStream Stream { get; }

    /// <summary>Path of the temporary file, which contains the content until <see cref="Commit"/>.</summary>
    public string TemporaryPath => Stream.Name;

    /// <summary>Starts writing a file. Its folder must exist.</summary>
    /// <exception cref="IOException">The temporary file cannot be created.</exception>
    public static WholeFile Create(string path, WholeFileOptions options = WholeFileOptions.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new WholeFile(path, options);
    }

    /// <summary>Creates or overwrites a text file in UTF-8.</summary>
    public static void Write(string path, string content, WholeFileOptions options = WholeFileOptions.None) =>
        Write(path, Encoding.UTF8.GetBytes(content), options);

    /// <summary>Creates or overwrites a file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, WholeFileOptions options = WholeFileOptions.None)
    {
        using WholeFile file = Create(path, options);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Creates or overwrites a file.</summary>
    public static async Task WriteAsync(
        string path, ReadOnlyMemory<byte> content, WholeFileOptions options, CancellationToken cancellationToken)
    {
        await using WholeFile file = Create(path, options);
        await file.Stream.WriteAsync(content, cancellationToken);
        file.Commit();
    }

    /// <summary>Finishes writing. Others can then read the file at <see cref="TemporaryPath"/> before it is committed.</summary>
    /// <exception cref="IOException">The buffered rest cannot be written.</exception>
    public void Close()
    {
        if (_options.HasFlag(WholeFileOptions.FlushToDisk) && Stream.CanWrite)
            Stream.Flush(flushToDisk: true);
        Stream.Dispose();
    }

    /// <summary>Gives the file its final name. Call it once, after the last write.</summary>
    /// <exception cref="IOException">The buffered rest cannot be written, or a folder has the final name.</exception>
    public void Commit()
    {
        Close();
        File.Move(TemporaryPath, _path, overwrite: true);
        _committed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // On a full disk, disposing the stream writes its buffer again and throws again.
        try
        {
            Stream.Dispose();
        }
        finally
        {
            DeleteUncommitted();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Stream.DisposeAsync();
        }
        finally
        {
            DeleteUncommitted();
        }
    }

    /// <summary>Deletes the temporary file unless it was committed. After a commit, a file with that name belongs to the next writer.</summary>
    private void DeleteUncommitted()
    {
        if (!_committed)
            File.Delete(TemporaryPath);
    }
}

/// <summary>Options for writing a <see cref="WholeFile"/>.</summary>
[Flags]
public enum WholeFileOptions
{
    /// <summary>One writer at a time. The folder's permissions decide who can read the file. The next writer overwrites the temporary
    /// file of a killed writer.</summary>
    None = 0,

    /// <summary>Several writers at once. The last one wins. The temporary file of a killed writer stays.</summary>
    SeveralWriters = 1,

    /// <summary>Only the owner can read the file. Has no effect on Windows: the folder's permissions apply there.</summary>
    OwnerOnly = 2,

    /// <summary>The content is flushed to the disk before the file is renamed, so that a power cut does not leave an empty file.</summary>
    FlushToDisk = 4,
}
