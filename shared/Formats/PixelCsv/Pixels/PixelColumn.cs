using System.Globalization;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv.Headers;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Pixels;

/// <summary>Images whose pixels are numbers in one column.</summary>
/// <param name="name">Name of the column.</param>
/// <param name="column">Index of the column.</param>
/// <param name="stated">The size of every image. If it is null, an image is a square, unless its lines stand in brackets of their own.</param>
internal sealed class PixelColumn(string name, int column, FrameSize? stated) : RowImages
{
    private readonly byte[] _pixels = new byte[stated?.Pixels ?? (KeypointSchema.MaximumFrame * KeypointSchema.MaximumFrame)];
    private FrameSize? _last;
    private int _count;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Pixels => _pixels.AsMemory(0, _count);

    /// <inheritdoc/>
    public override RowFault? Parse(CsvTable table, FrameSize? usual, out FrameSize? frame) => Parse(table.Field(column), usual, out frame);

    /// <summary>Parses an image.</summary>
    /// <param name="text">The field's text.</param>
    /// <param name="usual">Size of the images of earlier rows, or null.</param>
    /// <param name="frame">The image's size, or null with a fault.</param>
    /// <returns>The fault, or null if the image is good.</returns>
    public RowFault? Parse(ReadOnlySpan<byte> text, FrameSize? usual, out FrameSize? frame)
    {
        frame = null;
        FrameSize? lines = null;
        _count = PixelList.Parse(text, _pixels, out int fault);
        if (fault >= 0)
        {
            var written = new WrittenPixels(text, _pixels);
            written.Parse();
            if (written.Fault >= 0)
                return ExplainFault(text, written.Count, written.Fault);
            (_count, lines) = (written.Count, written.Lines);
        }

        frame = SizeOf(_count, lines);
        // A cell that a spreadsheet cut may hold a smaller square by chance.
        if (frame is not null && (text.Length != CutCell.Characters || frame == (stated ?? usual)))
            return null;
        frame = null;
        return new RowFault(RowProblemKind.PixelCount, name, (stated ?? usual) is { } expected
            ? $"{_count:N0} pixels, {expected.Pixels:N0} are expected ({expected})"
            : $"{_count:N0} pixels are not a square of 8 to 1,024 pixels a side, and no frame is stated: a column name such as Image_128x96 states it");
    }

    private FrameSize? SizeOf(int count, FrameSize? lines)
    {
        if (stated is not null)
            return count == stated.Pixels ? stated : null;
        FrameSize? size = lines ?? (_last?.Pixels == count && _last.Width == _last.Height ? _last : FrameSize.Square(count));
        return size is { IsSupported: true } ? _last = size : null;
    }

    private RowFault ExplainFault(ReadOnlySpan<byte> text, int count, int fault)
    {
        if (WrittenPixels.IsShortened(text))
        {
            return new RowFault(
                RowProblemKind.PixelCount,
                name,
                "NumPy shortened the array with '...' when it was printed, so pixels are lost: write every pixel, for example ' '.join(map(str, image.ravel()))");
        }

        ReadOnlySpan<byte> word = WrittenPixels.WordAt(text, fault);
        if (count == 0 && ForeignTable.IsImageName(Encoding.UTF8.GetString(text[..Math.Min(text.Length, DatasetLimits.ColumnNameLength)])))
            return new RowFault(RowProblemKind.PixelValue, name, $"{ShownText.Quote(text)} is the name of an image file. {ForeignTable.NextStep}");
        string what = word.IsEmpty ? "the list of pixels has no closing bracket" : $"pixel {count + 1:N0} is {ShownText.Quote(word)}";
        string hint = double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1
            ? ". Multiply pixels from 0 to 1 by 255"
            : string.Empty;
        return new RowFault(RowProblemKind.PixelValue, name, $"{what}: whole numbers from 0 to 255 are expected{hint}");
    }
}
