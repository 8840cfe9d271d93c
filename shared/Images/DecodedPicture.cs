using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Images.Resampling;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>The pixels of an <see cref="OpenedPicture"/>. Frames, windows of a finder and pictures for people are sampled from them. One thread
/// uses it: the one that decoded it. The opened picture must not be disposed before.</summary>
public sealed class DecodedPicture : IDisposable
{
    private readonly EncodedImage _image;
    private readonly SKBitmap _pixels;
    private readonly int _reduction;
    private readonly Lock? _held;
    private readonly PixelPyramid _levels;

    /// <summary>Takes decoded pixels over; they are disposed with this object.</summary>
    /// <param name="image">The image. It stays the caller's.</param>
    /// <param name="pixels">Its pixels in the stored orientation.</param>
    /// <param name="reduction">Stored pixels per decoded pixel.</param>
    /// <param name="held">Released with the pixels, or null.</param>
    internal DecodedPicture(EncodedImage image, SKBitmap pixels, int reduction, Lock? held)
    {
        _image = image;
        _pixels = pixels;
        _reduction = reduction;
        _held = held;
        _levels = new PixelPyramid(pixels, image.IsOpaque);
    }

    /// <summary>Width of the upright picture in pixels, at full size.</summary>
    public int Width => _image.Width;

    /// <summary>Height of the upright picture in pixels, at full size.</summary>
    public int Height => _image.Height;

    /// <summary>Picture pixels per decoded pixel, in both directions: 1, 2, 4 or 8.</summary>
    public double Reduction => _reduction;

    /// <summary>Samples grey frames. Each frame reads only the pixels below it. When it reduces, a frame pixel is a weighted mean of all the
    /// picture pixels below it. Outside the picture, a frame repeats the picture's border.</summary>
    /// <param name="transforms">The place of each frame.</param>
    /// <param name="frame">Frame size in pixels.</param>
    /// <returns>For each place the frame's grey bytes, line by line.</returns>
    public IReadOnlyList<byte[]> Sample(IReadOnlyList<FrameTransform> transforms, FrameSize frame)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        ArgumentNullException.ThrowIfNull(frame);
        return [.. transforms.Select(transform => transform.Angle == 0 ? SampleStraight(transform, frame) : SampleTurned(transform, frame))];
    }

    /// <summary>Samples a window in colour, as face detectors take it. The filter is a triangle, widened when the window is reduced. Outside the
    /// picture it is black. Transparency is flattened onto white.</summary>
    /// <param name="left">Distance from the picture's left edge to the window's left edge in picture pixels. Negative if the window begins
    /// outside the picture.</param>
    /// <param name="top">Distance from the picture's top edge to the window's top edge in picture pixels.</param>
    /// <param name="scale">Picture pixels per pixel of the window, more than 0.</param>
    /// <param name="columns">Width of the window in its pixels, at least 1.</param>
    /// <param name="rows">Height of the window in its pixels, at least 1.</param>
    /// <param name="rgb">Receives <paramref name="columns"/> · <paramref name="rows"/> · 3 numbers from −1 (black) to 1, line by line, the
    /// colours of a pixel side by side.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or a position is no finite number.</exception>
    /// <exception cref="ArgumentException"><paramref name="rgb"/> has another length.</exception>
    public void SampleWindow(double left, double top, double scale, int columns, int rows, Span<float> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(double.IsFinite(left + top + scale), true, nameof(left));
        if (rgb.Length != columns * rows * 3)
            throw new ArgumentException($"A window of {columns}×{rows} pixels takes {columns * rows * 3:N0} numbers, not {rgb.Length:N0}.", nameof(rgb));
        (PixelLevel level, double reduction) = LevelFor(scale, WindowSampler.LeastScale);
        Orientation orientation = _image.Orientation;
        (double x1, double y1) = orientation.EdgeToStored(left, top, _image.StoredWidth, _image.StoredHeight);
        (double x2, double y2) = orientation.EdgeToStored(left + (scale * columns), top + (scale * rows), _image.StoredWidth, _image.StoredHeight);
        (int storedColumns, int storedRows) = orientation.SwapsAxes ? (rows, columns) : (columns, rows);
        WindowSampler.Sample(
            level,
            AxisWeights.CreateWindow(level.Width, storedColumns, scale / reduction, Math.Min(x1, x2) / reduction, _image.StoredWidth / reduction),
            AxisWeights.CreateWindow(level.Height, storedRows, scale / reduction, Math.Min(y1, y2) / reduction, _image.StoredHeight / reduction),
            orientation,
            rgb);
    }

    /// <summary>Makes a picture for people: upright, in colour, on white. If the decoded pixels are too coarse for it, the file is decoded
    /// again, so that frames do not depend on whether somebody wants a picture.</summary>
    /// <param name="minimumSide">Minimum length of the picture's longer side in pixels. Smaller pictures are enlarged.</param>
    /// <param name="maximumSide">Maximum length of the picture's longer side in pixels. Larger pictures are reduced.</param>
    /// <exception cref="ImageRejectedException">The pixels are damaged. The message is the reason.</exception>
    public Picture ToPicture(int minimumSide, int maximumSide)
    {
        int reduction = _image.ReductionTo(ShorterSide(Width, Height, maximumSide));
        if (reduction >= _reduction)
            return Picture.Create(_levels, _image.Orientation, minimumSide, maximumSide);
        using SKBitmap finer = _image.Decode(reduction);
        using var levels = new PixelPyramid(finer, _image.IsOpaque);
        return Picture.Create(levels, _image.Orientation, minimumSide, maximumSide);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _levels.Dispose();
        _pixels.Dispose();
        _held?.Exit();
    }

    /// <summary>Returns the shorter side of a picture whose longer side has a length.</summary>
    internal static int ShorterSide(int width, int height, int longerSide)
    {
        double longerByShorter = (double)Math.Max(width, height) / Math.Min(width, height);
        return (int)Math.Ceiling(longerSide / longerByShorter);
    }

    /// <summary>Resamples the image in its stored orientation, then turns the small frame. The filter is symmetric, so turning first would
    /// give the same result.</summary>
    private byte[] SampleStraight(FrameTransform transform, FrameSize frame)
    {
        Orientation orientation = _image.Orientation;
        (int storedWidth, int storedHeight) = orientation.SwapsAxes ? (frame.Height, frame.Width) : (frame.Width, frame.Height);
        (double left, double top) = orientation.SwapsAxes ? (transform.Top, transform.Left) : (transform.Left, transform.Top);
        if (orientation.ReversesColumns)
            left = Reverse(left, storedWidth, _image.StoredWidth / transform.Scale);
        if (orientation.ReversesRows)
            top = Reverse(top, storedHeight, _image.StoredHeight / transform.Scale);
        double scale = transform.Scale / _reduction;
        byte[] stored = FrameSampler.Sample(
            _levels.Finest,
            AxisWeights.Create(_levels.Finest.Width, storedWidth, scale, left, (double)_image.StoredWidth / _reduction),
            AxisWeights.Create(_levels.Finest.Height, storedHeight, scale, top, (double)_image.StoredHeight / _reduction));
        return Turn(stored, orientation, storedWidth, storedHeight, frame.Width);
    }

    private byte[] SampleTurned(FrameTransform transform, FrameSize frame)
    {
        (PixelLevel level, double reduction) = LevelFor(transform.Scale, TurnedSampler.LeastScale);
        (double X, double Y) origin = At(-0.5, -0.5);
        (double X, double Y) right = At(0.5, -0.5);
        (double X, double Y) down = At(-0.5, 0.5);
        var axes = new FrameAxes(origin.X, origin.Y, right.X - origin.X, right.Y - origin.Y, down.X - origin.X, down.Y - origin.Y);
        return TurnedSampler.Sample(level, axes, _image.StoredWidth / reduction, _image.StoredHeight / reduction, frame);

        (double X, double Y) At(double x, double y)
        {
            (double imageX, double imageY) = transform.ToImage(x, y);
            (double column, double row) = _image.Orientation.EdgeToStored(imageX + 0.5, imageY + 0.5, _image.StoredWidth, _image.StoredHeight);
            return (column / reduction, row / reduction);
        }
    }

    /// <summary>Returns the coarsest level that still has a number of pixels per pixel of the result.</summary>
    /// <param name="scale">Picture pixels per pixel of the result.</param>
    /// <param name="least">The number.</param>
    /// <returns>The level, and picture pixels per pixel of it.</returns>
    private (PixelLevel Level, double Reduction) LevelFor(double scale, double least)
    {
        (PixelLevel level, int halvings) = _levels.For(scale / _reduction, least);
        return (level, (double)_reduction * (1 << halvings));
    }

    /// <summary>Returns the distance from the frame's far edge to the image's far edge. For an image that is centred in the frame it is
    /// exactly the distance of the near edges. So a turned file gives the bytes of the upright one.</summary>
    private static double Reverse(double near, int frameSide, double imageSide) => frameSide - imageSide - near;

    private static byte[] Turn(byte[] stored, Orientation orientation, int storedWidth, int storedHeight, int frameWidth)
    {
        if (orientation.Origin == SKEncodedOrigin.TopLeft)
            return stored;
        byte[] upright = new byte[stored.Length];
        for (int i = 0; i < upright.Length; i++)
        {
            (int x, int y) = orientation.ToStored(i % frameWidth, i / frameWidth, storedWidth, storedHeight);
            upright[i] = stored[(y * storedWidth) + x];
        }

        return upright;
    }
}
