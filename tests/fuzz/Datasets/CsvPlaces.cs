using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Finds lines and fields in a table's bytes. It ignores quotes on purpose, so the damage also hits quoted fields.</summary>
internal static class CsvPlaces
{
    /// <summary>The header without its line end.</summary>
    public static Range Header(byte[] file)
    {
        int end = Array.IndexOf(file, (byte)'\n');
        return ..(end < 0 ? file.Length : end);
    }

    /// <summary>A line below the header with its line end; the whole file if there is none.</summary>
    public static Range Line(byte[] file, Random random)
    {
        int[] starts = [.. ByteEdits.Find(file, "\n"u8).Select(at => at + 1).Where(at => at < file.Length)];
        if (starts.Length == 0)
            return ..;
        int start = starts[random.Next(starts.Length)];
        int end = Array.IndexOf(file, (byte)'\n', start);
        return start..(end < 0 ? file.Length : end + 1);
    }

    /// <summary>The byte that separates most fields of a line.</summary>
    public static byte Separator(ReadOnlySpan<byte> line)
    {
        byte best = (byte)',';
        foreach (byte separator in ";\t|"u8)
        {
            if (line.Count(separator) > line.Count(best))
                best = separator;
        }

        return best;
    }

    /// <summary>A field. The last one (the pixels) is as likely as all others together.</summary>
    public static Range Field(byte[] file, Random random, Range line)
    {
        (int start, int length) = line.GetOffsetAndLength(file.Length);
        ReadOnlySpan<byte> text = file.AsSpan(start, length).TrimEnd("\r\n"u8);
        List<int> commas = ByteEdits.Find(text, [Separator(text)]);
        int index = random.Next(2) == 0 ? commas.Count : random.Next(commas.Count + 1);
        int from = index == 0 ? 0 : commas[index - 1] + 1;
        return (start + from)..(start + (index == commas.Count ? text.Length : commas[index]));
    }

    /// <summary>A field below the header.</summary>
    public static Range Field(byte[] file, Random random) => Field(file, random, Line(file, random));

    /// <summary>A word of a field, such as a pixel.</summary>
    public static Range Word(byte[] file, Random random)
    {
        Range field = Field(file, random);
        (int start, int length) = field.GetOffsetAndLength(file.Length);
        List<int> spaces = ByteEdits.Find(file.AsSpan(start, length), " "u8);
        int index = random.Next(spaces.Count + 1);
        int from = index == 0 ? 0 : spaces[index - 1] + 1;
        return (start + from)..(start + (index == spaces.Count ? length : spaces[index]));
    }
}
