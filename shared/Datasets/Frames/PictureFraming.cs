using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Frames;

/// <summary>How pictures that labels name become frames.</summary>
/// <param name="Framing">The framing.</param>
/// <param name="Frame">Frame size in pixels.</param>
public sealed record PictureFraming(Framing Framing, FrameSize Frame)
{
    /// <summary>The frame of pictures if nobody states another.</summary>
    public static FrameSize DefaultFrame { get; } = new(96, 96);

    /// <summary>The largest side of a picture's frame in pixels. Tables with pixels have frames up to
    /// <see cref="KeypointSchema.MaximumFrame"/>.</summary>
    public const int MaximumSide = 256;

    /// <summary>Returns the frame of pictures.</summary>
    /// <param name="stated">The stated frame size, or null for <see cref="DefaultFrame"/>.</param>
    /// <exception cref="RejectedFileException">A side is out of range.</exception>
    internal static FrameSize FrameOf(FrameSize? stated)
    {
        FrameSize frame = stated ?? DefaultFrame;
        return frame.IsSupported && frame.Width <= MaximumSide && frame.Height <= MaximumSide
            ? frame
            : throw new RejectedFileException(
                $"Frames of {frame} pixels are stated. Frames of pictures have {KeypointSchema.MinimumFrame} to {MaximumSide} pixels a side.");
    }
}
