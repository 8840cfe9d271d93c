using System.Runtime.InteropServices;

namespace KeypointPipeline.Images;

/// <summary>Maps a model's frame to an image. The image keeps its aspect ratio, touches two opposite sides of the frame and is centred
/// between the other two. Both count pixels with their centres at integers, x right, y down. Image pixels are those of the upright image
/// as people see it, after its EXIF orientation.</summary>
/// <param name="Scale">Image pixels per frame pixel, the same in x and y.</param>
/// <param name="Left">Frame pixels between the frame's left edge and the image's.</param>
/// <param name="Top">Frame pixels between the frame's top edge and the image's.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FrameTransform(double Scale, double Left, double Top)
{
    /// <summary>Fits an image into a frame.</summary>
    /// <param name="width">Upright image width, pixels, at least 1.</param>
    /// <param name="height">Upright image height, pixels, at least 1.</param>
    /// <param name="frameWidth">Frame width, pixels, at least 1.</param>
    /// <param name="frameHeight">Frame height, pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static FrameTransform Fit(int width, int height, int frameWidth, int frameHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameHeight, 1);
        double scale = Math.Max((double)width / frameWidth, (double)height / frameHeight);
        return new FrameTransform(scale, (frameWidth - (width / scale)) / 2, (frameHeight - (height / scale)) / 2);
    }

    /// <summary>A point of the frame, in image pixels: <c>x_image = (x_frame + 0.5 − Left) · Scale − 0.5</c>.</summary>
    public (double X, double Y) ToImage(double x, double y) =>
        (((x + 0.5 - Left) * Scale) - 0.5, ((y + 0.5 - Top) * Scale) - 0.5);
}
