namespace KeypointPipeline.Formats.PixelCsv.Pixels;

/// <summary>Parses the image column: whole numbers from 0 to 255, separated by white space. Most of the time of preparation is spent
/// here: a 96×96 row has 9,216 numbers.</summary>
internal static class PixelList
{
    /// <summary>Parses as many values as <paramref name="pixels"/> has room for, and counts the others.</summary>
    /// <param name="text">The column's text.</param>
    /// <param name="pixels">Receives the values.</param>
    /// <param name="fault">Index of the first word that is not a pixel value, or -1.</param>
    /// <returns>Number of values in the text, or number of values before the fault.</returns>
    public static int Parse(ReadOnlySpan<byte> text, Span<byte> pixels, out int fault)
    {
        int next = 0;
        int count = 0;
        fault = -1;
        while (true)
        {
            PixelBlocks.Parse(text, pixels, ref next, ref count);
            while (next < text.Length && IsSpace(text[next]))
                next++;
            if (next == text.Length)
                return count;
            if (count >= pixels.Length)
                return count + CountWords(text[next..]);
            int value = ParseOne(text, ref next);
            if (value < 0)
            {
                fault = next;
                return count;
            }

            pixels[count++] = (byte)value;
        }
    }

    /// <summary>Returns the word at a fault, for the message.</summary>
    public static ReadOnlySpan<byte> WordAt(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (end < text.Length && !IsSpace(text[end]))
            end++;
        return text[start..end];
    }

    /// <summary>Parses one value in any form: with leading zeros, before any white space, or at the end of the text. Returns -1 and
    /// does not move <paramref name="next"/> if the word is not a value.</summary>
    private static int ParseOne(ReadOnlySpan<byte> text, ref int next)
    {
        int value = 0;
        int end = next;
        for (; end < text.Length && !IsSpace(text[end]); end++)
        {
            int digit = text[end] - '0';
            if (digit is < 0 or > 9)
                return -1;
            value = (value * 10) + digit;
            if (value > byte.MaxValue)
                return -1;
        }

        next = end;
        return value;
    }

    private static int CountWords(ReadOnlySpan<byte> text)
    {
        int words = 0;
        bool inside = false;
        foreach (byte character in text)
        {
            bool space = IsSpace(character);
            if (!space && !inside)
                words++;
            inside = !space;
        }

        return words;
    }

    private static bool IsSpace(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
