using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Images whose pixels are numbers in one column.</summary>
/// <param name="name">Name of the column.</param>
/// <param name="column">Index of the column.</param>
/// <param name="stated">The size of every image. If it is null, every image is a square.</param>
internal sealed class PixelColumn(string name, int column, FrameSize? stated) : RowImages
{
    private readonly byte[] _pixels = new byte[stated?.Pixels ?? (KeypointSchema.MaximumFrame * KeypointSchema.MaximumFrame)];
    private FrameSize? _square;
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
        int count = PixelList.Parse(text, _pixels, out int fault);
        if (fault >= 0)
        {
            return new RowFault(
                RowProblemKind.PixelValue,
                name,
                $"pixel {count + 1:N0} is {ShownText.Quote(PixelList.WordAt(text, fault))}: whole numbers from 0 to 255 are expected");
        }

        frame = SizeOf(count);
        _count = count;
        if (frame is not null)
            return null;
        return new RowFault(RowProblemKind.PixelCount, name, (stated ?? usual) is { } expected
            ? $"{count:N0} pixels, {expected.Pixels:N0} are expected ({expected})"
            : $"{count:N0} pixels are not a square of 8 to 1,024 pixels a side, and no frame is stated: a column name such as Image_128x96 states it");
    }

    private FrameSize? SizeOf(int count)
    {
        if (stated is not null)
            return count == stated.Pixels ? stated : null;
        if (_square?.Pixels == count)
            return _square;
        return FrameSize.Square(count) is { IsSupported: true } square ? _square = square : null;
    }
}
