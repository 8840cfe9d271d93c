using KeypointPipeline.Files;

namespace KeypointPipeline.Sources.Zips;

/// <summary>Files of a zip that are read in one request: they lie close to each other and are used one after the other.</summary>
/// <param name="zip">The zip.</param>
/// <param name="first">The first file.</param>
internal sealed class ZipRun(ZipBlob zip, ZipPlace first)
{
    /// <summary>The most bytes of a request. A few runs are in memory at once.</summary>
    private const int MostBytes = 2 * 1024 * 1024;

    /// <summary>Room for a local header's name and extra field. If they are longer, the file is read by itself.</summary>
    private const int HeaderBytes = PackedFile.LocalHeaderBytes + 1024;

    /// <summary>Bytes between two files that are read and thrown away to save a request.</summary>
    private const int MostGap = 64 * 1024;

    private readonly Lock _gate = new();
    private long _start = first.HeaderAt;
    private long _end = End(first);
    private long _used = End(first) - first.HeaderAt;
    private int _unread = 1;
    private Task<byte[]>? _reading;

    /// <summary>Whether a file is small enough to be read at once with others, and its numbers are possible. A file that would unpack to
    /// more than any image may is never opened, so a run would wait for it in vain before it releases its bytes.</summary>
    public static bool CanHold(ZipPlace place) =>
        place.HeaderAt is >= 0 and <= long.MaxValue - MostBytes
        && place.PackedBytes is >= 0 and <= MostBytes - HeaderBytes
        && place.Length <= PackedFileLimits.FreelyUnpackedBytes;

    /// <summary>Adds the file that is used next, if reading it with the others reads little else.</summary>
    public bool TryJoin(ZipPlace place)
    {
        long start = Math.Min(_start, place.HeaderAt);
        long end = Math.Max(_end, End(place));
        long used = _used + End(place) - place.HeaderAt;
        if (end - start > MostBytes || end - start > used + ((long)MostGap * _unread))
            return false;
        (_start, _end, _used) = (start, end, used);
        _unread++;
        return true;
    }

    /// <summary>Opens one of the files.</summary>
    public async Task<Stream> OpenAsync(ZipPlace place, CancellationToken cancellationToken)
    {
        byte[] bytes = await ReadAsync(cancellationToken);
        int at = (int)(place.HeaderAt - _start);
        if (bytes.Length == _end - _start && !Holds(bytes.AsSpan(at), place))
            return await PlacedZipFiles.OpenAloneAsync(zip, place, cancellationToken);
        var source = new ZipSource(new SourceStream(new MemoryStream(bytes, writable: false), zip.Name, bytes.Length));
        return await PackedFile.OpenAsync(source, place with { HeaderAt = at }, closesZip: true, cancellationToken);
    }

    private static long End(ZipPlace place) => place.HeaderAt + HeaderBytes + place.PackedBytes;

    /// <summary>Whether bytes hold a file to its end. They may not if its header is longer than expected.</summary>
    private static bool Holds(ReadOnlySpan<byte> bytes, ZipPlace place) =>
        PackedFile.HeaderLength(bytes) is not int header || header + place.PackedBytes <= bytes.Length;

    /// <summary>Reads all files in one request, which those who open one of them share. The bytes are released after the last one.</summary>
    private Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Task<byte[]> reading = _reading ??= zip.ReadAsync(_start, (int)(_end - _start), cancellationToken);
            if (--_unread <= 0)
                _reading = null;
            return reading;
        }
    }
}
