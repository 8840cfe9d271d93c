using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>An opened image file. Its format and size are checked; its pixels are not decoded yet.</summary>
internal abstract class EncodedImage : IDisposable
{
    private readonly ImageFormat _format;

    /// <summary>Creates an image whose size is within the limits.</summary>
    /// <param name="format">Format of the file.</param>
    /// <param name="storedWidth">Width in pixels, before the orientation is applied.</param>
    /// <param name="storedHeight">Height in pixels, before the orientation is applied.</param>
    /// <param name="orientation">How to turn the stored pixels upright.</param>
    private protected EncodedImage(ImageFormat format, int storedWidth, int storedHeight, Orientation orientation)
    {
        _format = format;
        StoredWidth = storedWidth;
        StoredHeight = storedHeight;
        Orientation = orientation;
    }

    /// <summary>Stored width in pixels, before <see cref="Orientation"/> is applied.</summary>
    public int StoredWidth { get; }

    /// <summary>Stored height in pixels, before <see cref="Orientation"/> is applied.</summary>
    public int StoredHeight { get; }

    /// <summary>EXIF orientation: how to turn the stored pixels upright.</summary>
    public Orientation Orientation { get; }

    /// <summary>Width of the upright image in pixels.</summary>
    public int Width => Orientation.SwapsAxes ? StoredHeight : StoredWidth;

    /// <summary>Height of the upright image in pixels.</summary>
    public int Height => Orientation.SwapsAxes ? StoredWidth : StoredHeight;

    /// <summary>Gets whether no pixel is transparent.</summary>
    public abstract bool IsOpaque { get; }

    /// <summary>Opens a file's bytes. The format is recognised by content.</summary>
    /// <exception cref="ImageRejectedException">The file is empty, too large, a decompression bomb or animated, or it is in none of the
    /// <see cref="ImageFormat"/>s.</exception>
    public static EncodedImage Open(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        if (file.IsEmpty)
            throw new ImageRejectedException("The file is empty.");
        if (file.Length > limits.MaximumBytes)
            throw new ImageRejectedException($"The file has {file.Length:N0} bytes; at most {limits.MaximumBytes:N0} are read.");

        ImageFormat format = ImageFormats.Find(file.Span) ?? throw new ImageRejectedException(ForeignFormat.Describe(file.Span));
        return format is ImageFormat.Pgm or ImageFormat.Ppm
            ? NetpbmImage.Open(file, format, limits)
            : NativeImage.Open(file, format, limits);
    }

    /// <summary>Returns the largest reduction at which the shorter side does not fall below a length: 1, 2, 4 or 8 for JPEGs, 1 for other
    /// formats.</summary>
    /// <param name="minimumSide">Minimum length of the shorter side after decoding.</param>
    public virtual int ReductionTo(int minimumSide) => 1;

    /// <summary>Decodes all pixels as unpremultiplied RGBA. Ignores colour profiles, as OpenCV and PIL do.</summary>
    /// <param name="reduction">Stored pixels per decoded pixel in both directions, as <see cref="ReductionTo"/> returns it. Each decoded pixel
    /// is the mean of a square of stored pixels. If a stored side is not a multiple of the reduction, the last decoded pixel reaches past the
    /// image's edge.</param>
    /// <exception cref="ImageRejectedException">The pixels are cut off or damaged.</exception>
    public abstract SKBitmap Decode(int reduction);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Checks a stated size before anything is allocated for it.</summary>
    /// <exception cref="ImageRejectedException">The size is beyond a limit, or far too large for the file.</exception>
    private protected static void CheckSize(int width, int height, int fileBytes, ImageLimits limits)
    {
        long pixels = (long)width * height;
        if (pixels > limits.MaximumPixels)
            throw new ImageRejectedException($"The image is {width}×{height} pixels; at most {limits.MaximumPixels:N0} are decoded.");
        if (pixels > ImageLimits.LargePixels && pixels > (long)fileBytes * ImageLimits.LargePixelsPerByte)
        {
            throw new ImageRejectedException(
                $"The image is {width}×{height} pixels in only {fileBytes:N0} bytes: it looks like a decompression bomb.");
        }
    }

    /// <summary>Creates the error of a file that ends too early.</summary>
    private protected ImageRejectedException CutOff() =>
        new($"The {_format.Name()} file is cut off: it ends before the last of its {StoredWidth}×{StoredHeight} pixels.");

    /// <summary>Creates the error of a damaged file.</summary>
    /// <param name="what">What is wrong with it.</param>
    private protected ImageRejectedException Damaged(string what) => new($"The {_format.Name()} file is damaged ({what}).");

    /// <summary>Allocates pixels and fills them. Releases them if that fails.</summary>
    private protected SKBitmap Fill(int width, int height, Action<SKBitmap> fill)
    {
        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(PixelsOf(width, height)))
                throw new ImageRejectedException($"There is not enough memory for {StoredWidth}×{StoredHeight} pixels.");
            fill(bitmap);
            return bitmap;
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    /// <summary>Describes pixels as <see cref="Decode"/> returns them.</summary>
    private protected static SKImageInfo PixelsOf(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
}
