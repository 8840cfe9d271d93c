using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>A JPEG, PNG, WebP or BMP, decoded by SkiaSharp's native decoders.</summary>
internal sealed class NativeImage : EncodedImage
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly PinnedCodec _opened;
    private readonly bool _isJpeg;

    private NativeImage(ImageFormat format, ReadOnlyMemory<byte> file, PinnedCodec opened, Orientation orientation)
        : base(format, opened.Codec.Info.Width, opened.Codec.Info.Height, orientation)
    {
        _isJpeg = format == ImageFormat.Jpeg;
        _file = file;
        _opened = opened;
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ImageRejectedException">Its header is damaged, or states an animation or a size beyond the limits.</exception>
    public static NativeImage Open(ReadOnlyMemory<byte> file, ImageFormat format, ImageLimits limits)
    {
        int fileBytes = file.Length;
        SKEncodedOrigin? stated = null;
        if (format == ImageFormat.WebP)
        {
            CheckFrames(WebPFrames.Count(file.Span));
            stated = WebPOrientation.Find(file.Span);
        }
        else if (format == ImageFormat.Png)
        {
            stated = PngOrientation.Find(file.Span);
            file = PngMetadata.WithoutLong(file);
        }

        PinnedCodec opened = PinnedCodec.TryOpen(file)
            ?? throw new ImageRejectedException($"The {format.Name()} file's header is cut off or damaged.");
        try
        {
            CheckSize(opened.Codec.Info.Width, opened.Codec.Info.Height, fileBytes, limits);
            return new NativeImage(format, file, opened, new Orientation(stated ?? opened.Codec.EncodedOrigin));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool IsOpaque => _opened.Codec.Info.AlphaType == SKAlphaType.Opaque;

    /// <inheritdoc/>
    public override int ReductionTo(int minimumSide)
    {
        int reduction = 1;
        if (_isJpeg)
        {
            int side = Math.Min(StoredWidth, StoredHeight);
            while (reduction < 8 && side / (reduction * 2) >= minimumSide)
                reduction *= 2;
        }

        return reduction;
    }

    /// <inheritdoc/>
    public override SKBitmap Decode(int reduction)
    {
        if (!_isJpeg || JpegEnd.IsIn(_file.Span))
            return Decode(_opened.Codec, reduction);
        byte[] completed = JpegEnd.TryComplete(_file) ?? throw CutOff();
        using PinnedCodec opened = PinnedCodec.TryOpen(completed) ?? throw CutOff();
        return Decode(opened.Codec, reduction);
    }

    /// <inheritdoc/>
    public override void Dispose() => _opened.Dispose();

    private SKBitmap Decode(SKCodec codec, int reduction)
    {
        SKSizeI size = reduction == 1 ? codec.Info.Size : codec.GetScaledDimensions(1f / reduction);
        return Fill(size.Width, size.Height, bitmap =>
        {
            SKCodecResult result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
            if (result != SKCodecResult.Success)
                throw result == SKCodecResult.IncompleteInput ? CutOff() : Damaged($"{result}");
        });
    }

    private static void CheckFrames(int frames)
    {
        if (frames > 1)
            throw new ImageRejectedException($"The image is an animation of {frames:N0} frames; save the frame that you want as a single image.");
    }
}
