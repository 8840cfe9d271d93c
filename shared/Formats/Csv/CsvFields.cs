namespace KeypointPipeline.Formats.Csv;

/// <summary>Splits a record into fields in place. Doubled quotes of a quoted field are replaced within the record.</summary>
/// <param name="capacity">Maximum number of fields whose positions are stored. Further fields are only counted.</param>
/// <param name="separator">The byte between two fields.</param>
internal sealed class CsvFields(int capacity, byte separator)
{
    private const int UsualFields = 64;

    private int[] _starts = new int[Math.Min(capacity, UsualFields)];
    private int[] _lengths = new int[Math.Min(capacity, UsualFields)];
    private bool _tookRest;

    /// <summary>Gets or sets whether the last of <c>capacity</c> fields takes the rest of the record without a search for separators.
    /// <see cref="TrySplitRest"/> searches it later if needed. A last field that starts with a quote is always split.</summary>
    public bool TakesRest { get; set; }

    /// <summary>Number of fields of the last record.</summary>
    public int Count { get; private set; }

    /// <summary>Returns a field of the last record.</summary>
    public Span<byte> Field(Span<byte> record, int index) => record.Slice(_starts[index], _lengths[index]);

    /// <summary>Returns where a field of the last record stands.</summary>
    public Range RangeOf(int index) => _starts[index]..(_starts[index] + _lengths[index]);

    /// <summary>Returns whether a field of the last record is in quotes.</summary>
    public bool IsQuoted(ReadOnlySpan<byte> record, int index) => _starts[index] > 0 && record[_starts[index] - 1] == '"';

    /// <summary>Splits a record. Returns false if a quote is not closed, or if anything but a separator follows a closing quote.</summary>
    public bool TrySplit(Span<byte> record)
    {
        Count = 0;
        _tookRest = false;
        return TrySplit(record, 0, TakesRest);
    }

    /// <summary>Splits the rest that the last field took because of <see cref="TakesRest"/>. Returns false for the same reasons as
    /// <see cref="TrySplit(Span{byte})"/>.</summary>
    public bool TrySplitRest(Span<byte> record)
    {
        if (!_tookRest)
            return true;
        Count--;
        _tookRest = false;
        return TrySplit(record, _starts[capacity - 1], takesRest: false);
    }

    private bool TrySplit(Span<byte> record, int next, bool takesRest)
    {
        while (true)
        {
            if (next < record.Length && record[next] == '"')
            {
                if (!TryTakeQuoted(record, ref next))
                    return false;
            }
            else if (takesRest && Count == capacity - 1)
            {
                Add(next, record.Length - next);
                _tookRest = true;
                return true;
            }
            else
            {
                int length = record[next..].IndexOf(separator);
                int end = length < 0 ? record.Length : next + length;
                Add(next, end - next);
                next = end;
            }

            if (next == record.Length)
                return true;
            if (record[next++] != separator)
                return false;
        }
    }

    /// <summary>Reads the field that opens with the quote at <paramref name="next"/>, and moves past its closing quote.</summary>
    private bool TryTakeQuoted(Span<byte> record, ref int next)
    {
        int start = next + 1;
        int written = start;
        int read = start;
        while (true)
        {
            int quote = record[read..].IndexOf((byte)'"');
            if (quote < 0)
                return false;
            record.Slice(read, quote).CopyTo(record[written..]);
            written += quote;
            read += quote + 1;
            if (read == record.Length || record[read] != '"')
                break;
            record[written++] = (byte)'"';
            read++;
        }

        Add(start, written - start);
        next = read;
        return true;
    }

    private void Add(int start, int length)
    {
        if (Count < _starts.Length || TryGrow())
        {
            _starts[Count] = start;
            _lengths[Count] = length;
        }

        Count++;
    }

    private bool TryGrow()
    {
        if (_starts.Length == capacity)
            return false;
        int length = Math.Min(capacity, 2 * _starts.Length);
        Array.Resize(ref _starts, length);
        Array.Resize(ref _lengths, length);
        return true;
    }
}
