using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>Reads JPEG, PNG, WebP and BMP files as the grey frames a model takes. Safe to call from several threads.</summary>
/// <remarks>
/// The format is found by content. EXIF orientation is honoured: sizes and coordinates are those of the upright image, as people
/// see it. The image keeps its aspect and is centred in the frame (<see cref="FrameTransform.Fit"/>); what the frame has beyond
/// it repeats the image's border. Transparency is flattened onto white; grey is ITU-R BT.601; colour profiles are ignored.
/// </remarks>
public sealed class ImageDecoder
{
    private readonly ImageLimits _limits;
    private readonly Lock _large = new();

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">What an image may cost; <see cref="ImageLimits.Default"/> where null.</param>
    public ImageDecoder(ImageLimits? limits = null) => _limits = limits ?? ImageLimits.Default;

    /// <summary>What an image may cost.</summary>
    public ImageLimits Limits => _limits;

    /// <summary>Decodes a file into a frame.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="frameWidth">Frame width, pixels.</param>
    /// <param name="frameHeight">Frame height, pixels.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used; the message is the reason.</exception>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, int frameWidth, int frameHeight)
    {
        using EncodedImage image = EncodedImage.Open(file, _limits);
        var transform = FrameTransform.Fit(image.Width, image.Height, frameWidth, frameHeight);
        byte[] frame = InTurn(image, () => Sample(image, transform, frameWidth, frameHeight));
        return new DecodedImage(image.Width, image.Height, frame, transform);
    }

    /// <summary>Decodes a file for people to look at.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="minimumSide">The picture's longer side, pixels, at least: smaller images are enlarged.</param>
    /// <param name="maximumSide">The picture's longer side, pixels, at most: larger images are reduced.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used; the message is the reason.</exception>
    public Picture DecodePicture(ReadOnlyMemory<byte> file, int minimumSide, int maximumSide)
    {
        using EncodedImage image = EncodedImage.Open(file, _limits);
        return InTurn(image, () =>
        {
            double longerByShorter = (double)Math.Max(image.Width, image.Height) / Math.Min(image.Width, image.Height);
            using SKBitmap pixels = image.Decode((int)Math.Ceiling(maximumSide / longerByShorter), out _);
            return Picture.Create(pixels, image.Orientation, minimumSide, maximumSide);
        });
    }

    /// <summary>Resamples as stored, then turns the small frame: the filter is symmetric, so that both orders agree.</summary>
    private static byte[] Sample(EncodedImage image, FrameTransform transform, int frameWidth, int frameHeight)
    {
        Orientation orientation = image.Orientation;
        (int storedWidth, int storedHeight) = orientation.SwapsAxes ? (frameHeight, frameWidth) : (frameWidth, frameHeight);
        (double left, double top) = orientation.SwapsAxes ? (transform.Top, transform.Left) : (transform.Left, transform.Top);
        // Twice the pixels wanted leave the filter enough to work on.
        int minimumSide = 2 * (int)Math.Ceiling(Math.Min(image.Width, image.Height) / transform.Scale);
        using SKBitmap pixels = image.Decode(minimumSide, out int reduction);
        double scale = transform.Scale / reduction;
        byte[] stored = FrameSampler.Sample(
            pixels,
            AxisWeights.Create(pixels.Width, storedWidth, scale, left, (double)image.StoredWidth / reduction),
            AxisWeights.Create(pixels.Height, storedHeight, scale, top, (double)image.StoredHeight / reduction));
        return Turn(stored, orientation, storedWidth, storedHeight, frameWidth);
    }

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

    private T InTurn<T>(EncodedImage image, Func<T> decode)
    {
        if ((long)image.Width * image.Height <= ImageLimits.LargePixels)
            return decode();
        lock (_large)
            return decode();
    }
}
