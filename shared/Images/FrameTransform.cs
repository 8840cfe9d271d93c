using System.Runtime.InteropServices;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images;

/// <summary>Position of a model's frame on an image. The image keeps its aspect ratio.</summary>
/// <remarks>In frame and image, pixel centres are integers, x points right and y points down. Image pixels are those of the upright
/// image as people see it, after its EXIF orientation is applied.</remarks>
/// <param name="Scale">Image pixels per frame pixel, the same in x and y.</param>
/// <param name="Left">Distance in frame pixels from the frame's left edge to the image's left edge. Negative if the frame begins inside the
/// image.</param>
/// <param name="Top">Distance in frame pixels from the frame's top edge to the image's top edge. Negative if the frame begins inside the
/// image.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FrameTransform(double Scale, double Left, double Top)
{
    /// <summary>Fits an image into a frame. The image touches two opposite sides of the frame and is centred between the other two.</summary>
    /// <param name="width">Width of the upright image in pixels, at least 1.</param>
    /// <param name="height">Height of the upright image in pixels, at least 1.</param>
    /// <param name="frameWidth">Frame width in pixels, at least 1.</param>
    /// <param name="frameHeight">Frame height in pixels, at least 1.</param>
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

    /// <summary>Places a frame around a box. The frame has the box's centre and is the smallest one that holds the box enlarged by the
    /// margin. A box around the whole image with margin 1 gives exactly <see cref="Fit"/>.</summary>
    /// <param name="box">The box. A turned box counts as its upright outer extent. One of its sides may be 0.</param>
    /// <param name="margin">Factor of the box's sides, more than 0.</param>
    /// <param name="frame">Frame size in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not a positive number.</exception>
    /// <exception cref="ArgumentException">The box has no finite place, or both of its sides are 0.</exception>
    public static FrameTransform Crop(PictureBox box, double margin, FrameSize frame)
    {
        ArgumentNullException.ThrowIfNull(box);
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        PictureBox upright = box.Upright();
        double scale = Math.Max(upright.Width * margin / frame.Width, upright.Height * margin / frame.Height);
        var transform = new FrameTransform(
            scale,
            (frame.Width - (((2 * upright.Left) + upright.Width) / scale)) / 2,
            (frame.Height - (((2 * upright.Top) + upright.Height) / scale)) / 2);
        return scale > 0 && double.IsFinite(scale) && double.IsFinite(transform.Left) && double.IsFinite(transform.Top)
            ? transform
            : throw new ArgumentException($"The box {box} cannot be framed.", nameof(box));
    }

    /// <summary>Converts a point from frame pixels to image pixels: <c>x_image = (x_frame + 0.5 − Left) · Scale − 0.5</c>.</summary>
    public (double X, double Y) ToImage(double x, double y) =>
        (((x + 0.5 - Left) * Scale) - 0.5, ((y + 0.5 - Top) * Scale) - 0.5);

    /// <summary>Converts a point from image pixels to frame pixels: <c>x_frame = (x_image + 0.5) ÷ Scale + Left − 0.5</c>.</summary>
    public (double X, double Y) ToFrame(double x, double y) =>
        (((x + 0.5) / Scale) + Left - 0.5, ((y + 0.5) / Scale) + Top - 0.5);
}
