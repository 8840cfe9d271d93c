namespace KeypointPipeline.Datasets.Parsing;

/// <summary>Splits a record into fields, in place: a quoted field with doubled quotes is rewritten where it stands.</summary>
/// <param name="capacity">Fields whose places are kept; more are only counted.</param>
internal sealed class CsvFields(int capacity)
{
    private readonly int[] _starts = new int[capacity];
    private readonly int[] _lengths = new int[capacity];

    /// <summary>Fields of the record split last.</summary>
    public int Count { get; private set; }

    /// <summary>A field of the record split last.</summary>
    public Span<byte> Field(Span<byte> record, int index) => record.Slice(_starts[index], _lengths[index]);

    /// <summary>Splits; false where a quote is not closed, or something other than a comma follows the closing one.</summary>
    public bool TrySplit(Span<byte> record)
    {
        Count = 0;
        int next = 0;
        while (true)
        {
            if (next < record.Length && record[next] == '"')
            {
                if (!TryTakeQuoted(record, ref next))
                    return false;
            }
            else
            {
                int comma = record[next..].IndexOf((byte)',');
                int end = comma < 0 ? record.Length : next + comma;
                Add(next, end - next);
                next = end;
            }

            if (next == record.Length)
                return true;
            if (record[next++] != ',')
                return false;
        }
    }

    /// <summary>Takes the field that opens with the quote at <paramref name="next"/>, and moves behind its closing quote.</summary>
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
        if (Count < capacity)
        {
            _starts[Count] = start;
            _lengths[Count] = length;
        }

        Count++;
    }
}
