using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Images.Resampling;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>An opened image file. Its size is known; its pixels are decoded when frames are sampled. One thread uses it at a time.</summary>
public sealed class OpenedPicture : IDisposable
{
    private readonly EncodedImage _image;
    private readonly Lock _large;

    /// <summary>Takes an image over; it is disposed with this object.</summary>
    /// <param name="image">The image.</param>
    /// <param name="large">Held while a large image is decoded.</param>
    internal OpenedPicture(EncodedImage image, Lock large)
    {
        _image = image;
        _large = large;
    }

    /// <summary>Width of the upright picture in pixels.</summary>
    public int Width => _image.Width;

    /// <summary>Height of the upright picture in pixels.</summary>
    public int Height => _image.Height;

    /// <summary>Gets whether the file stores the picture turned or mirrored, and its EXIF orientation turns it upright.</summary>
    public bool IsTurned => _image.Orientation.Origin != SKEncodedOrigin.TopLeft;

    /// <summary>Gets whether the stored width is the upright height: the file stores the picture turned by 90° or 270°.</summary>
    public bool SwapsAxes => _image.Orientation.SwapsAxes;

    /// <summary>Samples grey frames. The pixels are decoded once, at the resolution that the finest frame needs, and each frame reads only its
    /// own columns and lines. Outside the picture, a frame repeats the picture's border.</summary>
    /// <param name="transforms">The place of each frame: at least one.</param>
    /// <param name="frame">Frame size in pixels.</param>
    /// <returns>For each place the frame's grey bytes, line by line.</returns>
    /// <exception cref="ImageRejectedException">The pixels are cut off or damaged. The message is the reason.</exception>
    public IReadOnlyList<byte[]> Sample(IReadOnlyList<FrameTransform> transforms, FrameSize frame)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        ArgumentNullException.ThrowIfNull(frame);
        // The filter needs about twice as many pixels as the frame has.
        double side = Math.Min(Width, Height);
        int minimumSide = (int)Math.Min(2 * Math.Ceiling(side / transforms.Min(transform => transform.Scale)), side);
        return InTurn(() =>
        {
            using SKBitmap pixels = _image.Decode(minimumSide, out int reduction);
            return transforms.Select(transform => Sample(pixels, reduction, transform, frame)).ToList();
        });
    }

    /// <summary>Converts a point of the stored picture to the upright picture. Pixel centres are integers; NaN stays NaN.</summary>
    public (double X, double Y) FromStored(double x, double y) => _image.Orientation.ToUpright(x, y, _image.StoredWidth, _image.StoredHeight);

    /// <summary>Converts a box on the stored picture to the upright picture.</summary>
    public PictureBox FromStored(PictureBox box)
    {
        ArgumentNullException.ThrowIfNull(box);
        (double x, double y) = FromStored(box.Left + (box.Width / 2) - 0.5, box.Top + (box.Height / 2) - 0.5);
        (double width, double height) = SwapsAxes ? (box.Height, box.Width) : (box.Width, box.Height);
        // A turn by 90° is the exchange of the sides. Mirroring turns the angle round.
        double angle = _image.Orientation.IsMirrored ? -box.Angle : box.Angle;
        return new PictureBox(x + 0.5 - (width / 2), y + 0.5 - (height / 2), width, height, angle);
    }

    /// <inheritdoc/>
    public void Dispose() => _image.Dispose();

    /// <summary>Decodes a picture for people. See <see cref="ImageDecoder.DecodePicture"/>.</summary>
    internal Picture ToPicture(int minimumSide, int maximumSide) => InTurn(() =>
    {
        double longerByShorter = (double)Math.Max(Width, Height) / Math.Min(Width, Height);
        using SKBitmap pixels = _image.Decode((int)Math.Ceiling(maximumSide / longerByShorter), out _);
        return Picture.Create(pixels, _image.Orientation, minimumSide, maximumSide);
    });

    /// <summary>Resamples the image in its stored orientation, then turns the small frame. The filter is symmetric, so turning first would
    /// give the same result.</summary>
    private byte[] Sample(SKBitmap pixels, int reduction, FrameTransform transform, FrameSize frame)
    {
        Orientation orientation = _image.Orientation;
        (int storedWidth, int storedHeight) = orientation.SwapsAxes ? (frame.Height, frame.Width) : (frame.Width, frame.Height);
        (double left, double top) = orientation.SwapsAxes ? (transform.Top, transform.Left) : (transform.Left, transform.Top);
        if (orientation.ReversesColumns)
            left = Reverse(left, storedWidth, _image.StoredWidth / transform.Scale);
        if (orientation.ReversesRows)
            top = Reverse(top, storedHeight, _image.StoredHeight / transform.Scale);
        double scale = transform.Scale / reduction;
        byte[] stored = FrameSampler.Sample(
            pixels,
            AxisWeights.Create(pixels.Width, storedWidth, scale, left, (double)_image.StoredWidth / reduction),
            AxisWeights.Create(pixels.Height, storedHeight, scale, top, (double)_image.StoredHeight / reduction));
        return Turn(stored, orientation, storedWidth, storedHeight, frame.Width);
    }

    /// <summary>Returns the distance from the frame's far edge to the image's far edge. For an image that is centred in the frame it is
    /// exactly the distance of the near edges, so that a turned file gives the bytes of the upright one.</summary>
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

    private T InTurn<T>(Func<T> decode)
    {
        if ((long)Width * Height <= ImageLimits.LargePixels)
            return decode();
        lock (_large)
            return decode();
    }
}
