using System.Runtime.InteropServices;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images;

/// <summary>Position of a model's frame on an image. The image keeps its aspect ratio.</summary>
/// <remarks>In frame and image, pixel centres are integers, x points right and y points down. Image pixels are those of the upright
/// image as people see it, after its EXIF orientation is applied.</remarks>
/// <param name="Scale">Image pixels per frame pixel, the same in x and y.</param>
/// <param name="Left">Distance in frame pixels from the frame's left edge to the image's left edge. Negative if the frame begins inside the
/// image. For a turned frame: how far right of the frame's left edge the image's upper left corner lies, in the frame.</param>
/// <param name="Top">Distance in frame pixels from the frame's top edge to the image's top edge. Negative if the frame begins inside the
/// image. For a turned frame: how far below the frame's top edge the image's upper left corner lies, in the frame.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FrameTransform(double Scale, double Left, double Top)
{
    /// <summary>Rotation of the frame on the image in degrees, clockwise as people see it, like <see cref="PictureBox.Angle"/>.</summary>
    public double Angle { get; init; }

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

    /// <summary>Places a frame so that points of it lie on points of the image. Two pairs are met exactly, more by least squares
    /// (Umeyama 1991). The frame is turned but never mirrored.</summary>
    /// <param name="frame">Points in frame pixels; pixel centres are integers.</param>
    /// <param name="image">The same points in pixels of the upright image, in the same order.</param>
    /// <returns>The place, or null if fewer than two different points are known on either side.</returns>
    /// <exception cref="ArgumentException">The numbers of points differ.</exception>
    public static FrameTransform? Through(ReadOnlySpan<(double X, double Y)> frame, ReadOnlySpan<(double X, double Y)> image)
    {
        if (frame.Length != image.Length)
            throw new ArgumentException($"{frame.Length} frame points and {image.Length} image points are given.", nameof(image));
        double[] from = new double[2 * frame.Length];
        float[] to = new float[2 * frame.Length];
        for (int i = 0; i < frame.Length; i++)
        {
            (from[2 * i], from[(2 * i) + 1]) = (frame[i].X + 0.5, frame[i].Y + 0.5);
            (to[2 * i], to[(2 * i) + 1]) = ((float)(image[i].X + 0.5), (float)(image[i].Y + 0.5));
        }

        if (Similarity.Fit(from, to) is not Similarity fit)
            return null;
        (double left, double top) = fit.Undo(0, 0);
        double scale = Math.Sqrt((fit.A * fit.A) + (fit.B * fit.B));
        return double.IsFinite(left + top + scale) ? new FrameTransform(scale, left, top) { Angle = Math.Atan2(fit.B, fit.A) * 180 / Math.PI } : null;
    }

    /// <summary>Returns the frame's outline on the image, turned by <see cref="Angle"/>.</summary>
    /// <param name="frame">Frame size in pixels.</param>
    public PictureBox Outline(FrameSize frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        (double x, double y) = ToImage((frame.Width / 2.0) - 0.5, (frame.Height / 2.0) - 0.5);
        (double width, double height) = (frame.Width * Scale, frame.Height * Scale);
        return new PictureBox(x + 0.5 - (width / 2), y + 0.5 - (height / 2), width, height, Angle);
    }

    /// <summary>Converts a point from frame pixels to image pixels: <c>(x_image + 0.5, y_image + 0.5) = Scale · R · (x_frame + 0.5 − Left,
    /// y_frame + 0.5 − Top)</c>, where R is the rotation by <see cref="Angle"/>.</summary>
    public (double X, double Y) ToImage(double x, double y)
    {
        (double right, double down) = ((x + 0.5 - Left) * Scale, (y + 0.5 - Top) * Scale);
        if (Angle == 0)
            return (right - 0.5, down - 0.5);
        (double sin, double cos) = SinCos();
        return ((cos * right) - (sin * down) - 0.5, (sin * right) + (cos * down) - 0.5);
    }

    /// <summary>Converts a point from image pixels to frame pixels. The inverse of <see cref="ToImage"/>.</summary>
    public (double X, double Y) ToFrame(double x, double y)
    {
        if (Angle == 0)
            return (((x + 0.5) / Scale) + Left - 0.5, ((y + 0.5) / Scale) + Top - 0.5);
        (double sin, double cos) = SinCos();
        (double right, double down) = ((cos * (x + 0.5)) + (sin * (y + 0.5)), (cos * (y + 0.5)) - (sin * (x + 0.5)));
        return ((right / Scale) + Left - 0.5, (down / Scale) + Top - 0.5);
    }

    private (double Sin, double Cos) SinCos() => Math.SinCos(Angle * Math.PI / 180);
}
