using System.IO.Compression;
using System.IO.Hashing;

namespace KeypointPipeline.Files;

/// <summary>A <c>.csv.gz</c> or <c>.tsv.gz</c> file with one or more gzip members. Checks each member against its checksum and size. .NET's
/// <see cref="GZipStream"/> does not check them: it accepts a file that is cut short as complete.</summary>
internal sealed class GzipContent(string fileName, SourceStream source) : CsvContent(fileName)
{
    private readonly GzipInput _input = new(source);
    private InflationGuard _guard = new(fileName);
    private DeflateStream? _member;
    private readonly Crc32 _checksum = new();
    private long _memberStart;
    private bool _started;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_member is not null || await StartMemberAsync(cancellationToken))
        {
            int read = await InflateAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _checksum.Append(buffer.Span[..read]);
                _guard.Add(read, source.BytesRead);
                return read;
            }

            if (!await _input.TakeTrailerAsync(_checksum.GetCurrentHashAsUInt32(), _guard.Unpacked - _memberStart, cancellationToken))
                throw CutShort();
            await _member!.DisposeAsync();
            _member = null;
        }

        return 0;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_member is not null)
            await _member.DisposeAsync();
        await _input.DisposeAsync();
    }

    private async ValueTask<int> InflateAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _member!.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException e) when (!source.Failed)
        {
            throw new RejectedFileException($"{FileName} is damaged: its compressed data cannot be unpacked. Compress it again.", e);
        }
    }

    private async ValueTask<bool> StartMemberAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> magic = await _input.PeekAsync(2, cancellationToken);
        if (magic.IsEmpty)
            return false;
        if (!magic.Span.SequenceEqual(FileMagic.Gzip))
        {
            throw _started
                ? new RejectedFileException($"{FileName} contains other data after its compressed data. Compress it again.")
                : new RejectedFileException($"{FileName} is not gzip data, although its name says so{FileMagic.Guess(magic.Span)}.");
        }

        await SkipHeaderAsync(cancellationToken);
        _started = true;
        _checksum.Reset();
        _memberStart = _guard.Unpacked;
        _member = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    /// <summary>Skips a member's header (RFC 1952, section 2.3): ten fixed bytes, then the fields that the flags announce.</summary>
    private async ValueTask SkipHeaderAsync(CancellationToken cancellationToken)
    {
        const int HeaderChecksum = 2, Extra = 4, Name = 8, Comment = 16;
        await SkipAsync(3, cancellationToken);
        int flags = await TakeAsync(cancellationToken);
        await SkipAsync(6, cancellationToken);
        if ((flags & Extra) != 0)
            await SkipAsync(await TakeAsync(cancellationToken) + (256 * await TakeAsync(cancellationToken)), cancellationToken);
        if ((flags & Name) != 0)
            await SkipTextAsync(cancellationToken);
        if ((flags & Comment) != 0)
            await SkipTextAsync(cancellationToken);
        if ((flags & HeaderChecksum) != 0)
            await SkipAsync(2, cancellationToken);
    }

    private async ValueTask SkipAsync(int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
            await TakeAsync(cancellationToken);
    }

    private async ValueTask SkipTextAsync(CancellationToken cancellationToken)
    {
        while (await TakeAsync(cancellationToken) != 0)
        {
        }
    }

    private async ValueTask<int> TakeAsync(CancellationToken cancellationToken)
    {
        int value = await _input.TakeAsync(cancellationToken);
        return value >= 0 ? value : throw CutShort();
    }

    private RejectedFileException CutShort() =>
        new($"{FileName} is cut short or damaged: its compressed data is incomplete, or its checksum does not match. Copy or compress it again.");
}
