using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>A dropped set of files, opened: a single file, a zip, a folder of this machine, or a folder of blobs. Labels and pictures are
/// read through it, so that every kind of set gives the same result.</summary>
/// <remarks>Files can be opened until disposal, by several callers at once. Hidden files (<see cref="FileNames.IsHidden"/>) are left
/// out.</remarks>
public abstract class FileSet : IAsyncDisposable, IDisposable
{
    private readonly Dictionary<string, SetFile> _byPath;

    /// <summary>Creates a set.</summary>
    /// <param name="name">The set's own name, for messages.</param>
    /// <param name="files">Its files in any order. If a path occurs twice, the last file counts, as when a zip is unpacked.</param>
    private protected FileSet(string name, IEnumerable<SetFile> files)
    {
        Name = name;
        _byPath = new Dictionary<string, SetFile>(StringComparer.Ordinal);
        foreach (SetFile file in files)
            _byPath[file.Path] = file;
        Files = [.. _byPath.Values.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>The set's own name without the folders above it, for messages: <c>faces.zip</c>.</summary>
    public string Name { get; }

    /// <summary>The files in ordinal order of their paths.</summary>
    public IReadOnlyList<SetFile> Files { get; }

    /// <summary>Returns the file with a path, or null if there is none. Upper and lower case differ.</summary>
    public virtual SetFile? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Closes what the set has open.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes what the set has open.</summary>
    /// <param name="disposing">True: there are no finalizers.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
