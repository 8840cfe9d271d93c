using System.IO.MemoryMappedFiles;

namespace KeypointPipeline.Files;

/// <summary>A read-only memory-mapped file of rows. Each row is <c>perRow</c> values of <typeparamref name="T"/>.</summary>
internal sealed unsafe class MappedFile<T> : IDisposable
    where T : unmanaged
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _rows;
    private readonly int _perRow;
    private readonly byte* _start;
    private bool _disposed;

    /// <summary>Checks the file's size, then maps it.</summary>
    /// <exception cref="InvalidDataException">The file is missing or has another size. The message names the file and the expected size.</exception>
    public MappedFile(string path, int rows, int perRow)
    {
        long expected = (long)rows * perRow * sizeof(T);
        long actual = SizeOf(path, expected);
        if (actual != expected)
        {
            throw new InvalidDataException(
                $"{path}: expected {expected:N0} bytes ({rows:N0} rows of {(long)perRow * sizeof(T):N0}), found {actual:N0}. Prepare the dataset again.");
        }

        _rows = rows;
        _perRow = perRow;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, expected, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    /// <summary>Gets one row's values without copying them. The span is valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<T> this[int row]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if ((uint)row >= (uint)_rows)
                throw new ArgumentOutOfRangeException(nameof(row), row, $"The dataset has {_rows:N0} rows.");
            return new ReadOnlySpan<T>(_start + ((long)row * _perRow * sizeof(T)), _perRow);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static long SizeOf(string path, long expected)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? file.Length
            : throw new InvalidDataException($"{path} is missing: expected {expected:N0} bytes. Prepare the dataset again.");
    }
}
