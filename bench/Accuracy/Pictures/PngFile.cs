using KeypointPipeline.Files;
using SkiaSharp;

namespace KeypointPipeline.Bench.Accuracy.Pictures;

/// <summary>Draws PNG files.</summary>
internal static class PngFile
{
    /// <summary>Draws a picture into a file; readers see the old file or the whole new one.</summary>
    public static void Draw(string path, int width, int height, Action<SKCanvas> draw)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
            draw(canvas);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        WholeFile.Write(path, png.AsSpan());
    }
}
