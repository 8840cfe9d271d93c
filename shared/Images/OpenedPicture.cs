using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>An opened image file. Its size is known; its pixels are not decoded yet. One thread uses it at a time.</summary>
public sealed class OpenedPicture : IDisposable
{
    private readonly EncodedImage _image;
    private readonly Lock _large;

    /// <summary>Takes an image over; it is disposed with this object.</summary>
    /// <param name="image">The image.</param>
    /// <param name="large">Held while the pixels of a large image are in memory.</param>
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

    /// <summary>Decodes the pixels. The thread that decodes them must dispose them: while those of a large picture are in memory, other
    /// threads wait with theirs.</summary>
    /// <param name="finest">Picture pixels per pixel that somebody needs, more than 0. JPEGs are decoded at 1/2, 1/4 or 1/8 of their size if
    /// their pixels are then still at least as fine, other formats at full size.</param>
    /// <exception cref="ImageRejectedException">The pixels are cut off or damaged. The message is the reason.</exception>
    public DecodedPicture Decode(double finest)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(finest);
        double side = Math.Min(Width, Height);
        return DecodeTo((int)Math.Ceiling(side / Math.Max(finest, 1)));
    }

    /// <summary>Decodes the pixels at the resolution that the finest frame needs: about two decoded pixels per frame pixel. See
    /// <see cref="Decode(double)"/>.</summary>
    /// <param name="transforms">The place of each frame: at least one.</param>
    /// <exception cref="ImageRejectedException">The pixels are cut off or damaged. The message is the reason.</exception>
    public DecodedPicture Decode(IReadOnlyList<FrameTransform> transforms)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        double side = Math.Min(Width, Height);
        return DecodeTo((int)Math.Min(2 * Math.Ceiling(side / transforms.Min(transform => transform.Scale)), side));
    }

    /// <summary>Samples grey frames. The pixels are decoded once, at the resolution that the finest frame needs. See
    /// <see cref="DecodedPicture.Sample"/>.</summary>
    /// <param name="transforms">The place of each frame: at least one.</param>
    /// <param name="frame">Frame size in pixels.</param>
    /// <returns>For each place the frame's grey bytes, line by line.</returns>
    /// <exception cref="ImageRejectedException">The pixels are cut off or damaged. The message is the reason.</exception>
    public IReadOnlyList<byte[]> Sample(IReadOnlyList<FrameTransform> transforms, FrameSize frame)
    {
        using DecodedPicture decoded = Decode(transforms);
        return decoded.Sample(transforms, frame);
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
    internal Picture ToPicture(int minimumSide, int maximumSide)
    {
        using DecodedPicture decoded = DecodeTo(DecodedPicture.ShorterSide(Width, Height, maximumSide));
        return decoded.ToPicture(minimumSide, maximumSide);
    }

    private DecodedPicture DecodeTo(int minimumSide)
    {
        Lock? large = (long)Width * Height > ImageLimits.LargePixels ? _large : null;
        large?.Enter();
        try
        {
            int reduction = _image.ReductionTo(minimumSide);
            return new DecodedPicture(_image, _image.Decode(reduction), reduction, large);
        }
        catch
        {
            large?.Exit();
            throw;
        }
    }
}
