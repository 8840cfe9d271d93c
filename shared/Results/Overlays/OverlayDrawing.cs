using KeypointPipeline.Images;
using KeypointPipeline.Models;
using SkiaSharp;

namespace KeypointPipeline.Results.Overlays;

/// <summary>Draws predicted keypoints on a picture as coloured dots with a dark rim, and the box of each instance as a line. The box of a
/// doubtful instance is amber and broken. It draws no text, because some machines have no fonts.</summary>
internal static class OverlayDrawing
{
    private const float SmallestRadius = 1.2f;
    private const float SmallestWidth = 1.5f;

    private static readonly SKColor Dark = new(0, 0, 0, 200);
    private static readonly SKColor Line = new(255, 255, 255, 220);
    private static readonly SKColor Doubt = SKColor.Parse(KeypointPalette.Doubt);

    /// <summary>Draws box and keypoints of a result that succeeded.</summary>
    public static void Draw(Picture picture, ImageResult result, KeypointPalette palette)
    {
        double suitable = Math.Max(1.5, Math.Min(picture.Width, picture.Height) / 70.0);
        float radius = (float)DotPosition.Radius(picture.Width, result, SmallestRadius, suitable);
        using var fill = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Fill };
        using var rim = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = radius * 0.45f, Color = Dark };
        picture.Draw(canvas =>
        {
            DrawBox(canvas, picture, result, Math.Max(SmallestWidth, radius * 0.5f));
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

    private static void DrawBox(SKCanvas canvas, Picture picture, ImageResult result, float width)
    {
        if (DotPosition.Outline(picture.Width, picture.Height, result) is not { } corners)
            return;
        using var builder = new SKPathBuilder();
        builder.MoveTo((float)corners[0].X, (float)corners[0].Y);
        foreach ((double x, double y) in corners.Skip(1))
            builder.LineTo((float)x, (float)y);
        builder.Close();
        using SKPath outline = builder.Detach();
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 2 * width, Color = Dark };
        canvas.DrawPath(outline, paint);
        using SKPathEffect? broken = result.IsDoubtful ? SKPathEffect.CreateDash([4 * width, 3 * width], 0) : null;
        paint.PathEffect = broken;
        paint.StrokeWidth = width;
        paint.Color = result.IsDoubtful ? Doubt : Line;
        canvas.DrawPath(outline, paint);
    }
}
