namespace KeypointPipeline.Formats.Csv;

/// <summary>Finds the end of a record that may contain line ends inside quotes.</summary>
internal static class QuotedRecord
{
    /// <summary>Finds the line end that ends the record at the start of <paramref name="text"/>.</summary>
    /// <param name="text">The record and the bytes after it, as far as they were read.</param>
    /// <param name="ended">Whether the file ends with the text. A record without a line end is then complete.</param>
    /// <param name="dialect">How the text is written.</param>
    /// <param name="length">Number of bytes before the line end.</param>
    /// <param name="lines">Number of lines of the record.</param>
    /// <param name="isStray">Whether a quote is still open after <see cref="DatasetLimits.LinesPerRow"/>, or after
    /// <see cref="DatasetLimits.LinesPerList"/> in a list, so that it is a stray character.</param>
    /// <returns>False if the text or the allowed number of lines ends first.</returns>
    public static bool TryFindEnd(ReadOnlySpan<byte> text, bool ended, CsvDialect dialect, out int length, out int lines, out bool isStray)
    {
        lines = 1;
        isStray = false;
        int next = 0;
        while (true)
        {
            if (next < text.Length && text[next] == '"' && !TryPassQuotes(text, dialect.LineEnd, ref next, ref lines, ref isStray))
                break;
            int stop = text[next..].IndexOfAny(dialect.Separator, dialect.LineEnd);
            if (stop < 0)
            {
                length = text.Length;
                return ended;
            }

            next += stop;
            if (text[next] == dialect.LineEnd)
            {
                length = next;
                return true;
            }

            next++;
        }

        length = 0;
        return false;
    }

    /// <summary>Moves past the closing quote of the field that opens at <paramref name="next"/>. Returns false if there is no closing
    /// quote in the text or in the allowed number of lines.</summary>
    private static bool TryPassQuotes(ReadOnlySpan<byte> text, byte lineEnd, ref int next, ref int lines, ref bool isStray)
    {
        next++;
        int most = next < text.Length && text[next] == '[' ? DatasetLimits.LinesPerList : DatasetLimits.LinesPerRow;
        while (true)
        {
            int stop = text[next..].IndexOfAny((byte)'"', lineEnd);
            if (stop < 0)
                return false;
            next += stop + 1;
            if (text[next - 1] == lineEnd)
            {
                isStray = ++lines > most;
                if (isStray)
                    return false;
            }
            else if (next < text.Length && text[next] == '"')
            {
                next++;
            }
            else
            {
                return true;
            }
        }
    }
}
