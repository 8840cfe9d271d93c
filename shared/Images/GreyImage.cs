using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>Encodes grey pixels as image files.</summary>
internal static class GreyImage
{
    /// <summary>Encodes a picture as PNG, without loss.</summary>
    /// <param name="pixels">H·W grey bytes, line by line.</param>
    /// <param name="size">Its size.</param>
    public static byte[] ToPng(ReadOnlySpan<byte> pixels, FrameSize size) => Encode(pixels, size, SKEncodedImageFormat.Png, quality: 100);

    /// <summary>Encodes a picture as JPEG.</summary>
    /// <param name="pixels">H·W grey bytes, line by line.</param>
    /// <param name="size">Its size.</param>
    /// <param name="quality">Quality, 1 to 100.</param>
    public static byte[] ToJpeg(ReadOnlySpan<byte> pixels, FrameSize size, int quality) => Encode(pixels, size, SKEncodedImageFormat.Jpeg, quality);

    private static byte[] Encode(ReadOnlySpan<byte> pixels, FrameSize size, SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        Span<byte> target = bitmap.GetPixelSpan();
        for (int y = 0; y < size.Height; y++)
            pixels.Slice(y * size.Width, size.Width).CopyTo(target[(y * bitmap.RowBytes)..]);
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
