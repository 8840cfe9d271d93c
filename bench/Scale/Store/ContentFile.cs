using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>The content of all blobs in one file, so that the store needs little memory. Space of deleted blobs is used again.</summary>
/// <param name="path">The file. It is deleted when this object is disposed.</param>
internal sealed class ContentFile(string path) : IDisposable
{
    private const long SmallestSpace = 4096;

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Stack<long>> _free = [];
    private long _end;

    /// <summary>Reserves space.</summary>
    public ContentSpace Allocate(long length)
    {
        long size = Size(length);
        lock (_gate)
        {
            if (_free.TryGetValue(size, out Stack<long>? offsets) && offsets.TryPop(out long offset))
                return new ContentSpace(offset, length);
            _end += size;
            return new ContentSpace(_end - size, length);
        }
    }

    /// <summary>Gives space back.</summary>
    public void Free(ContentSpace space)
    {
        lock (_gate)
        {
            long size = Size(space.Length);
            if (!_free.TryGetValue(size, out Stack<long>? offsets))
                _free.Add(size, offsets = new Stack<long>());
            offsets.Push(space.Offset);
        }
    }

    /// <summary>Writes into the file.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_file, bytes, offset);

    /// <summary>Reads from the file.</summary>
    /// <returns>Number of bytes read.</returns>
    public int Read(long offset, Span<byte> bytes) => RandomAccess.Read(_file, bytes, offset);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Few sizes, so that freed space fits later blobs.</summary>
    private static long Size(long length) => (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(length, SmallestSpace));
}

/// <summary>A part of a <see cref="ContentFile"/>.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Bytes in use.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ContentSpace(long Offset, long Length);
