using KeypointPipeline.Images;
using KeypointPipeline.Models;
using SkiaSharp;

namespace KeypointPipeline.Results.Overlays;

/// <summary>Draws predicted keypoints on a picture as coloured dots with a dark rim. It draws no text, because some machines have no fonts.</summary>
internal static class OverlayDrawing
{
    /// <summary>The radius of a dot, in pixels of the picture.</summary>
    public static float Radius(int width, int height) => Math.Max(1.5f, Math.Min(width, height) / 70f);

    /// <summary>Draws the keypoints of a result that succeeded.</summary>
    public static void Draw(Picture picture, ImageResult result, KeypointPalette palette)
    {
        float radius = Radius(picture.Width, picture.Height);
        using var fill = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Fill };
        using var rim = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = radius * 0.45f, Color = new SKColor(0, 0, 0, 200) };
        picture.Draw(canvas =>
        {
            for (int k = 0; k < palette.Schema.Count; k++)
            {
                if (DotPosition.On(picture.Width, picture.Height, result, k) is not (double x, double y))
                    continue;
                fill.Color = SKColor.Parse(palette[k]);
                canvas.DrawCircle((float)x, (float)y, radius, fill);
                canvas.DrawCircle((float)x, (float)y, radius, rim);
            }
        });
    }
}

/// <summary>Finds a keypoint's position on a reduced picture of its image.</summary>
internal static class DotPosition
{
    /// <summary>The position in drawing coordinates, where pixel centres are at halves; null if the point is missing.</summary>
    public static (double X, double Y)? On(int width, int height, ImageResult result, int keypoint) =>
        result.Keypoints![2 * keypoint] is double x && result.Keypoints[(2 * keypoint) + 1] is double y
            ? ((x + 0.5) * width / result.Width!.Value, (y + 0.5) * height / result.Height!.Value)
            : null;
}
