using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Images.Resampling;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>Decodes JPEG, PNG, WebP, BMP, PGM and PPM files into the grey frames that models take. Several threads can call it at once.</summary>
/// <remarks>
/// The format is recognised by content. EXIF orientation is applied: sizes and coordinates are those of the upright image, as
/// people see it. The image keeps its aspect ratio and is centred in the frame (<see cref="FrameTransform.Fit"/>). The rest of the
/// frame repeats the image's border. Transparency is flattened onto white. Grey follows ITU-R BT.601. Colour profiles are ignored.
/// </remarks>
public sealed class ImageDecoder
{
    private readonly ImageLimits _limits;
    private readonly Lock _large = new();

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">Limits of images. Null means <see cref="ImageLimits.Default"/>.</param>
    public ImageDecoder(ImageLimits? limits = null) => _limits = limits ?? ImageLimits.Default;

    /// <summary>Limits of images. Images beyond them are rejected.</summary>
    public ImageLimits Limits => _limits;

    /// <summary>Whether a file is in a format that is read.</summary>
    /// <param name="start">The first bytes of the file, at least 16 if it has them.</param>
    public static bool Recognizes(ReadOnlySpan<byte> start) => ImageFormats.Find(start) is not null;

    /// <summary>Names the format of a file that is not read, and says what to do.</summary>
    /// <param name="start">The first bytes of the file, at least 16 if it has them.</param>
    /// <returns>A message, or null if the format is unknown or is read.</returns>
    public static string? DescribeForeign(ReadOnlySpan<byte> start) => ForeignFormat.Find(start);

    /// <summary>Decodes a file into a frame.</summary>
    /// <param name="file">The bytes of the whole file.</param>
    /// <param name="frameWidth">Frame width in pixels.</param>
    /// <param name="frameHeight">Frame height in pixels.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used. The message is the reason.</exception>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, int frameWidth, int frameHeight)
    {
        using EncodedImage image = EncodedImage.Open(file, _limits);
        var transform = FrameTransform.Fit(image.Width, image.Height, frameWidth, frameHeight);
        byte[] frame = InTurn(image, () => Sample(image, transform, frameWidth, frameHeight));
        return new DecodedImage(image.Width, image.Height, frame, transform);
    }

    /// <summary>Decodes a file into a picture for people.</summary>
    /// <param name="file">The bytes of the whole file.</param>
    /// <param name="minimumSide">Minimum length of the picture's longer side in pixels. Smaller images are enlarged.</param>
    /// <param name="maximumSide">Maximum length of the picture's longer side in pixels. Larger images are reduced.</param>
    /// <exception cref="ImageRejectedException">The file cannot be used. The message is the reason.</exception>
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

    /// <summary>Resamples the image in its stored orientation, then turns the small frame. The filter is symmetric, so turning first would
    /// give the same result.</summary>
    private static byte[] Sample(EncodedImage image, FrameTransform transform, int frameWidth, int frameHeight)
    {
        Orientation orientation = image.Orientation;
        (int storedWidth, int storedHeight) = orientation.SwapsAxes ? (frameHeight, frameWidth) : (frameWidth, frameHeight);
        (double left, double top) = orientation.SwapsAxes ? (transform.Top, transform.Left) : (transform.Left, transform.Top);
        // The filter needs about twice as many pixels as the frame has.
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
