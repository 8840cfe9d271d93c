using System.Runtime.InteropServices;

namespace KeypointPipeline.Images;

/// <summary>Where a model frame lies on an image: the image keeps its aspect, touches two opposite sides of the frame and is
/// centred between the other two. Both sides count pixels with their centres at integers, x right, y down; the image's pixels are
/// those of the upright image as people see it, that is after its EXIF orientation.</summary>
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

    /// <summary>The inverse of <see cref="ToImage"/>.</summary>
    public (double X, double Y) ToFrame(double x, double y) =>
        (((x + 0.5) / Scale) + Left - 0.5, ((y + 0.5) / Scale) + Top - 0.5);
}
