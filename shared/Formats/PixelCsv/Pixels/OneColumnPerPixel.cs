using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv.Headers;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Pixels;

/// <summary>Images with one column per pixel, such as <c>pixel0</c> … <c>pixel9215</c>.</summary>
/// <param name="columns">The columns of the pixels.</param>
/// <param name="names">Names of all columns.</param>
/// <param name="stated">The size of every image. If it is null, an image is a square.</param>
internal sealed class OneColumnPerPixel(PixelColumnNames columns, IReadOnlyList<string> names, FrameSize? stated) : RowImages
{
    private readonly int[] _columns = [.. columns.Columns];
    private readonly byte[] _pixels = new byte[columns.Columns.Count];
    private readonly FrameSize? _frame = stated ?? FrameSize.Square(columns.Columns.Count);

    /// <inheritdoc/>
    public override string Name => columns.Name;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Pixels => _pixels;

    /// <inheritdoc/>
    public override RowFault? Parse(CsvTable table, FrameSize? usual, out FrameSize? frame)
    {
        frame = null;
        for (int i = 0; i < _columns.Length; i++)
        {
            ReadOnlySpan<byte> text = table.Field(_columns[i]).Trim(" \t"u8);
            int value = ParseShort(text);
            if (value < 0)
                value = WrittenPixels.ParseOne(text);
            if (value < 0)
            {
                return new RowFault(
                    RowProblemKind.PixelValue, ShownText.Of(names[_columns[i]]), $"the pixel is {ShownText.Quote(text)}: a whole number from 0 to 255 is expected");
            }

            _pixels[i] = (byte)value;
        }

        frame = _frame;
        return null;
    }

    /// <summary>Parses one to three digits. Returns -1 for anything else.</summary>
    private static int ParseShort(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 3)
            return -1;
        int value = 0;
        foreach (byte character in text)
        {
            int digit = character - '0';
            if (digit is < 0 or > 9)
                return -1;
            value = (value * 10) + digit;
        }

        return value <= byte.MaxValue ? value : -1;
    }
}
