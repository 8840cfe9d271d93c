using System.Buffers;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Tells whether a record was read as a whole.</summary>
internal enum RecordState
{
    /// <summary>The whole record was read.</summary>
    Complete,

    /// <summary>The record is longer than <see cref="DatasetLimits.RowBytes"/>. Its content is dropped.</summary>
    TooLong,

    /// <summary>A quoted field is not closed within the lines that it may span (<see cref="DatasetLimits.LinesPerRow"/>). The record is its first line only. The
    /// next line starts a new record, so that one stray quote does not consume the rest of the file.</summary>
    OpenQuote,
}

/// <summary>Cuts CSV bytes (RFC 4180) into records, one at a time, without copying them out of the blocks that were read. Only the
/// incomplete end of a block is copied: to the front of the next block, or into a growing buffer if it is too long. UTF-16 and UTF-32 are
/// turned into UTF-8 first.</summary>
internal sealed class CsvRecordReader(ReadAheadContent content) : IDisposable
{
    private const int LinesAhead = 4;
    private const int LeastAhead = 512 * 1024;
    private const int MostAhead = 2 * DatasetLimits.RowBytes;

    private Transcoder? _transcoder;
    private CsvDialect _dialect = CsvDialect.Plain;
    private byte[] _buffer = [];
    private int _next;
    private int _end;
    private int _recordStart;
    private int _recordLength;
    private long _nextLine = 1;
    private bool _started;
    private bool _ended;
    private bool _discarding;

    /// <summary>Gets the record without its line end. The span is valid until the next read and may be written to.</summary>
    public Span<byte> Record => _buffer.AsSpan(_recordStart, _recordLength);

    /// <summary>Gets whether the record is complete.</summary>
    public RecordState State { get; private set; }

    /// <summary>The physical line on which the record starts. 1 is the first line of the file.</summary>
    public long Line { get; private set; }

    /// <summary>Number of empty lines skipped so far.</summary>
    public long BlankLines { get; private set; }

    /// <summary>Describes the encoding, if it was turned into UTF-8.</summary>
    public IEnumerable<string> Describe() => _transcoder is null ? [] : [$"The text is {_transcoder.Description}."];

    /// <summary>Reads the start of the file, to find out how it is written: at least its first lines, unless they are very long.</summary>
    /// <returns>The dialect and the first records.</returns>
    /// <exception cref="RejectedFileException">The content is damaged or is not text.</exception>
    public async ValueTask<CsvSample> StartAsync(CancellationToken cancellationToken)
    {
        do
            await FillAsync(cancellationToken);
        while (!_ended && _end - _next < MostAhead
            && (_end - _next < LeastAhead || _buffer.AsSpan(_next, _end - _next).Count((byte)'\n') < LinesAhead));
        CsvSample sample = DialectSearch.Find(_buffer.AsSpan(_next, _end - _next), _ended);
        _dialect = sample.Dialect;
        return sample;
    }

    /// <summary>Reads the next record and skips empty lines. Returns false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_discarding)
                Discard();
            if (!_discarding && TryTake())
            {
                if (_recordLength > 0 || State != RecordState.Complete)
                    return true;
                BlankLines++;
            }
            else if (_ended)
            {
                return false;
            }
            else
            {
                await FillAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Use([]);

    /// <summary>Takes the next record if the buffer contains all of it.</summary>
    private bool TryTake()
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(_next, Math.Min(_end - _next, DatasetLimits.RowBytes));
        bool ended = _ended && rest.Length == _end - _next;
        if (rest.IsEmpty)
            return false;
        int stop = rest.IndexOfAny(_dialect.LineEnd, (byte)'"');
        if (stop >= 0 && rest[stop] == _dialect.LineEnd)
            return Take(stop, lines: 1, RecordState.Complete);
        if (stop >= 0)
            return TryTakeQuoted(rest, ended);
        if (ended)
            return Take(rest.Length, lines: 1, RecordState.Complete);
        return rest.Length >= DatasetLimits.RowBytes && TakeTooLong();
    }

    /// <summary>Takes the next record if it contains a quote, and therefore perhaps a line end inside quotes.</summary>
    private bool TryTakeQuoted(ReadOnlySpan<byte> rest, bool ended)
    {
        if (QuotedRecord.TryFindEnd(rest, ended, _dialect, out int length, out int lines, out bool isStray))
            return Take(length, lines, RecordState.Complete);
        bool full = rest.Length >= DatasetLimits.RowBytes;
        if (!isStray && !full && !ended)
            return false;
        int lineEnd = rest.IndexOf(_dialect.LineEnd);
        if (lineEnd >= 0 || ended)
            return Take(lineEnd >= 0 ? lineEnd : rest.Length, lines: 1, RecordState.OpenQuote);
        return full && TakeTooLong();
    }

    /// <summary>Makes the next <paramref name="length"/> bytes the record, and moves past its line end.</summary>
    private bool Take(int length, int lines, RecordState state)
    {
        _recordStart = _next;
        _recordLength = length;
        while (_recordLength > 0 && _buffer[_next + _recordLength - 1] == '\r')
            _recordLength--;
        _next = Math.Min(_next + length + 1, _end);
        State = state;
        Line = _nextLine;
        _nextLine += lines;
        return true;
    }

    private bool TakeTooLong()
    {
        _recordLength = 0;
        State = RecordState.TooLong;
        Line = _nextLine;
        _discarding = true;
        return true;
    }

    /// <summary>Drops the rest of a line that was too long, as far as the buffer contains it.</summary>
    private void Discard()
    {
        int lineEnd = _buffer.AsSpan(_next, _end - _next).IndexOf(_dialect.LineEnd);
        _next = lineEnd < 0 ? _end : _next + lineEnd + 1;
        if (lineEnd < 0)
            return;
        _discarding = false;
        _nextLine++;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        CsvBlock? next = await content.NextAsync(cancellationToken);
        if (next is { } first && !_started)
            _transcoder = Transcoder.Find(first.Buffer.AsSpan(first.Start..first.End));
        if (next is { } block)
        {
            Append(_transcoder?.Transcode(block) ?? block);
        }
        else
        {
            _ended = true;
            if (_transcoder is not null)
                Append(_transcoder.Flush());
        }

        if (!_started)
            CheckStart();
    }

    private void Append(CsvBlock block)
    {
        ReadOnlySpan<byte> left = _buffer.AsSpan(_next, _end - _next);
        if (left.Length > block.Start)
        {
            AppendCopy(block);
            return;
        }

        _next = block.Start - left.Length;
        _end = block.End;
        left.CopyTo(block.Buffer.AsSpan(_next));
        Use(block.Buffer);
    }

    private void AppendCopy(CsvBlock block)
    {
        int left = _end - _next;
        ReadOnlySpan<byte> added = block.Buffer.AsSpan(block.Start..block.End);
        if (_end + added.Length > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * (left + added.Length));
            _buffer.AsSpan(_next, left).CopyTo(larger);
            Use(larger);
            (_next, _end) = (0, left);
        }

        added.CopyTo(_buffer.AsSpan(_end));
        _end += added.Length;
        ArrayPool<byte>.Shared.Return(block.Buffer);
    }

    private void Use(byte[] buffer)
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = buffer;
    }

    /// <summary>Checks the first bytes of the file: skips the byte order mark and refuses other formats.</summary>
    private void CheckStart()
    {
        _started = true;
        if (FileMagic.Guess(_buffer.AsSpan(_next, _end - _next)) is { Length: > 0 } guess)
            throw new RejectedFileException($"{content.FileName} is not CSV text{guess}.");
        while (_buffer.AsSpan(_next, _end - _next).StartsWith(FileMagic.Utf8Mark))
            _next += FileMagic.Utf8Mark.Length;
    }
}
