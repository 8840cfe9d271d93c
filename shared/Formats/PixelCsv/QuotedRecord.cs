namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Finds the end of a record in which line ends may stand inside quotes.</summary>
internal static class QuotedRecord
{
    /// <summary>Finds the line end that ends the record at the start of <paramref name="text"/>.</summary>
    /// <param name="text">The record and what follows it, as far as it was read.</param>
    /// <param name="ended">Whether the file ends where the text does, so that a record without a line end is whole.</param>
    /// <param name="length">Bytes before the line end.</param>
    /// <param name="lines">Lines that the record runs over, or was seen to before the search was given up, after
    /// <see cref="DatasetLimits.LinesPerRow"/>.</param>
    /// <returns>False where the text or the allowed lines end first.</returns>
    public static bool TryFindEnd(ReadOnlySpan<byte> text, bool ended, out int length, out int lines)
    {
        lines = 1;
        int next = 0;
        while (true)
        {
            if (next < text.Length && text[next] == '"' && !TryPassQuotes(text, ref next, ref lines))
                break;
            int stop = text[next..].IndexOfAny((byte)',', (byte)'\n');
            if (stop < 0)
            {
                length = text.Length;
                return ended;
            }

            next += stop;
            if (text[next] == '\n')
            {
                length = next;
                return true;
            }

            next++;
        }

        length = 0;
        return false;
    }

    /// <summary>Moves behind the closing quote of the field that opens at <paramref name="next"/>.</summary>
    private static bool TryPassQuotes(ReadOnlySpan<byte> text, ref int next, ref int lines)
    {
        next++;
        while (true)
        {
            int stop = text[next..].IndexOfAny((byte)'"', (byte)'\n');
            if (stop < 0)
                return false;
            next += stop + 1;
            if (text[next - 1] == '\n')
            {
                if (++lines > DatasetLimits.LinesPerRow)
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
