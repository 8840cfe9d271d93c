using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Parses an image column into one buffer that every row reuses.</summary>
/// <param name="name">The column's name.</param>
/// <param name="frame">The frame, where it is known; otherwise the first image tells it, which must then be a square.</param>
internal sealed class PixelColumn(string name, FrameSize? frame)
{
    private byte[] _pixels = new byte[frame?.Pixels ?? (KeypointSchema.MaximumFrame * KeypointSchema.MaximumFrame)];

    /// <summary>The frame, once it is known.</summary>
    public FrameSize? Frame { get; private set; } = frame;

    /// <summary>The pixels parsed last, H·W.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Parses an image.</summary>
    /// <param name="text">The field.</param>
    /// <param name="frame">Its frame; not kept before <see cref="Keep"/>, as the rest of the row may be bad.</param>
    /// <returns>What is wrong with it, or null.</returns>
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
            : new RowFault(RowProblemKind.PixelCount, name, $"{count:N0} pixels are not a square of 8 to 1,024 pixels a side, and no frame is stated");
    }

    /// <summary>From now on every image must have this frame.</summary>
    public void Keep(FrameSize frame)
    {
        if (Frame is not null)
            return;
        Frame = frame;
        Array.Resize(ref _pixels, frame.Pixels);
    }
}
