using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>Encodes grey pixels as PNG files.</summary>
internal static class GreyPng
{
    /// <summary>Encodes a picture, without loss.</summary>
    /// <param name="pixels">H·W grey bytes, line by line.</param>
    /// <param name="size">Its size.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, FrameSize size)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        Span<byte> target = bitmap.GetPixelSpan();
        for (int y = 0; y < size.Height; y++)
            pixels.Slice(y * size.Width, size.Width).CopyTo(target[(y * bitmap.RowBytes)..]);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
