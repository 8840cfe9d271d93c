using System.Buffers;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>An opened image file. Its format and size are checked; its pixels are not decoded yet.</summary>
internal sealed class EncodedImage : IDisposable
{
    private readonly MemoryHandle _pin;
    private readonly SKData _data;
    private readonly SKCodec _codec;
    private readonly ImageFormat _format;

    private EncodedImage(ImageFormat format, MemoryHandle pin, SKData data, SKCodec codec)
    {
        _format = format;
        _pin = pin;
        _data = data;
        _codec = codec;
    }

    /// <summary>Stored width in pixels, before <see cref="Orientation"/> is applied.</summary>
    public int StoredWidth => _codec.Info.Width;

    /// <summary>Stored height in pixels, before <see cref="Orientation"/> is applied.</summary>
    public int StoredHeight => _codec.Info.Height;

    /// <summary>EXIF orientation: how to turn the stored pixels upright.</summary>
    public Orientation Orientation => new(_codec.EncodedOrigin);

    /// <summary>Width of the upright image in pixels.</summary>
    public int Width => Orientation.SwapsAxes ? StoredHeight : StoredWidth;

    /// <summary>Height of the upright image in pixels.</summary>
    public int Height => Orientation.SwapsAxes ? StoredWidth : StoredHeight;

    /// <summary>Opens a file's bytes. The format is recognised by content.</summary>
    /// <exception cref="ImageRejectedException">The file is empty, too large, a decompression bomb or animated, or it is not a JPEG,
    /// PNG, WebP or BMP.</exception>
    public static EncodedImage Open(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        if (file.IsEmpty)
            throw new ImageRejectedException("The file is empty.");
        if (file.Length > limits.MaximumBytes)
            throw new ImageRejectedException($"The file has {file.Length:N0} bytes; at most {limits.MaximumBytes:N0} are read.");

        ImageFormat format = ImageFormats.Find(file.Span) ?? throw new ImageRejectedException(ForeignFormat.Describe(file.Span));
        int fileBytes = file.Length;
        if (format == ImageFormat.WebP)
            CheckFrames(WebPFrames.Count(file.Span));
        else if (format == ImageFormat.Png)
            file = PngMetadata.WithoutLong(file);

        MemoryHandle pin = file.Pin();
        SKData? data = null;
        SKCodec? codec = null;
        try
        {
            unsafe
            {
                data = SKData.Create((nint)pin.Pointer, file.Length);
            }

            codec = SKCodec.Create(data) ?? throw new ImageRejectedException($"The {format.Name()} file's header is cut off or damaged.");
            CheckSize(codec.Info, fileBytes, limits);
            return new EncodedImage(format, pin, data, codec);
        }
        catch
        {
            codec?.Dispose();
            data?.Dispose();
            pin.Dispose();
            throw;
        }
    }

    /// <summary>Decodes all pixels as unpremultiplied RGBA. Ignores colour profiles, as OpenCV and PIL do.</summary>
    /// <param name="minimumSide">Minimum length of the shorter side after decoding. Large JPEGs are decoded at 1/2, 1/4 or 1/8
    /// size if their shorter side does not fall below it. Each pixel is then the mean of a square of stored pixels.</param>
    /// <param name="reduction">Stored pixels per decoded pixel, in both directions: 1, 2, 4 or 8. If a stored side is not a
    /// multiple of it, the last decoded pixel reaches past the image's edge.</param>
    /// <exception cref="ImageRejectedException">The pixels are cut off or damaged.</exception>
    public SKBitmap Decode(int minimumSide, out int reduction)
    {
        reduction = Reduction(minimumSide);
        SKSizeI size = reduction == 1 ? _codec.Info.Size : _codec.GetScaledDimensions(1f / reduction);
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(info))
                throw new ImageRejectedException($"There is not enough memory for {StoredWidth}×{StoredHeight} pixels.");
            SKCodecResult result = _codec.GetPixels(info, bitmap.GetPixels());
            if (result == SKCodecResult.Success)
                return bitmap;
            throw new ImageRejectedException(result == SKCodecResult.IncompleteInput
                ? $"The {_format.Name()} file is cut off: it ends before the last of its {StoredWidth}×{StoredHeight} pixels."
                : $"The {_format.Name()} file is damaged ({result}).");
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _codec.Dispose();
        _data.Dispose();
        _pin.Dispose();
    }

    private int Reduction(int minimumSide)
    {
        int reduction = 1;
        if (_format == ImageFormat.Jpeg)
        {
            int side = Math.Min(StoredWidth, StoredHeight);
            while (reduction < 8 && side / (reduction * 2) >= minimumSide)
                reduction *= 2;
        }

        return reduction;
    }

    private static void CheckFrames(int frames)
    {
        if (frames > 1)
            throw new ImageRejectedException($"The image is an animation of {frames:N0} frames; save the frame that you want as a single image.");
    }

    private static void CheckSize(SKImageInfo info, int fileBytes, ImageLimits limits)
    {
        long pixels = (long)info.Width * info.Height;
        if (pixels > limits.MaximumPixels)
            throw new ImageRejectedException($"The image is {info.Width}×{info.Height} pixels; at most {limits.MaximumPixels:N0} are decoded.");
        if (pixels > ImageLimits.LargePixels && pixels > (long)fileBytes * ImageLimits.LargePixelsPerByte)
        {
            throw new ImageRejectedException(
                $"The image is {info.Width}×{info.Height} pixels in only {fileBytes:N0} bytes: it looks like a decompression bomb.");
        }
    }
}
