using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Parses an image column into one buffer that all rows reuse.</summary>
/// <param name="name">Name of the column.</param>
/// <param name="frame">The frame size, or null to take it from the first image, which must then be square.</param>
internal sealed class PixelColumn(string name, FrameSize? frame)
{
    private byte[] _pixels = new byte[frame?.Pixels ?? (KeypointSchema.MaximumFrame * KeypointSchema.MaximumFrame)];

    /// <summary>The frame size, or null while it is unknown.</summary>
    public FrameSize? Frame { get; private set; } = frame;

    /// <summary>The pixels of the last image, H·W.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Parses an image.</summary>
    /// <param name="text">The field's text.</param>
    /// <param name="frame">The image's frame size. It applies to later rows only after <see cref="Keep"/>, because the rest of
    /// this row may be bad.</param>
    /// <returns>The fault, or null if the image is good.</returns>
    public RowFault? Parse(ReadOnlySpan<byte> text, out FrameSize? frame)
    {
        frame = Frame;
        int count = PixelList.Parse(text, _pixels, out int fault);
        if (fault >= 0)
        {
            return new RowFault(
                RowProblemKind.PixelValue,
                name,
                $"pixel {count + 1:N0} is {ShownText.Quote(PixelList.WordAt(text, fault))}: whole numbers from 0 to 255 are expected");
        }

        if (frame is not null)
        {
            return count == frame.Pixels
                ? null
                : new RowFault(RowProblemKind.PixelCount, name, $"{count:N0} pixels, {frame.Pixels:N0} are expected ({frame})");
        }

        frame = FrameSize.Square(count);
        return frame is { IsSupported: true }
            ? null
            : new RowFault(
                RowProblemKind.PixelCount,
                name,
                $"{count:N0} pixels are not a square of 8 to 1,024 pixels a side, and no frame is stated: a column name such as Image_128x96 states it");
    }

    /// <summary>Requires this frame size of all further images.</summary>
    public void Keep(FrameSize frame)
    {
        if (Frame is not null)
            return;
        Frame = frame;
        Array.Resize(ref _pixels, frame.Pixels);
    }
}
