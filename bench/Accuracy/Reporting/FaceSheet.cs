using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Plots;
using SkiaSharp;

namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>Draws predicted faces in one picture: label (ring), prediction (dot), the line between them, and row and error below.</summary>
internal static class FaceSheet
{
    private const int Columns = 5;
    private const int Cell = 220;
    private const int Gap = 8;
    private const int Caption = 24;
    private const int Header = 34;
    private const int TextSize = 16;
    private static readonly SKColor Background = new(0xFF15181C);
    private static readonly SKColor Blank = new(0xFF2A2F36);
    private static readonly SKColor Label = new(0xFF5CFF6E);
    private static readonly SKColor Prediction = new(0xFFFF5C5C);

    /// <summary>Draws the sheet.</summary>
    /// <param name="path">The PNG file. Readers see the old one or the whole new one.</param>
    /// <param name="schema">The frame.</param>
    /// <param name="faces">At least one, in reading order.</param>
    /// <param name="withPixels">Whether to show the images, or only the points: the images' licence may forbid to pass them on.</param>
    public static void Draw(string path, KeypointSchema schema, IReadOnlyList<PredictedFace> faces, bool withPixels)
    {
        int rows = (faces.Count + Columns - 1) / Columns;
        int width = (Columns * (Cell + Gap)) + Gap;
        using var bitmap = new SKBitmap(new SKImageInfo(width, Header + (rows * (Cell + Caption + Gap)) + Gap, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
            DrawFaces(canvas, schema, faces, withPixels);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        WholeFile.Write(path, png.AsSpan());
    }

    private static void DrawFaces(SKCanvas canvas, KeypointSchema schema, IReadOnlyList<PredictedFace> faces, bool withPixels)
    {
        canvas.Clear(Background);
        using var paint = new SKPaint { IsAntialias = true };
        DrawHeader(canvas, paint);
        for (int i = 0; i < faces.Count; i++)
        {
            canvas.Save();
            canvas.Translate(Gap + (i % Columns * (Cell + Gap)), Header + (i / Columns * (Cell + Caption + Gap)));
            DrawFace(canvas, schema, faces[i], withPixels, paint);
            canvas.Restore();
        }
    }

    private static void DrawHeader(SKCanvas canvas, SKPaint paint)
    {
        DrawLabel(canvas, new SKPoint(20, 17), paint);
        Write(canvas, "label", 32, 22);
        DrawPrediction(canvas, new SKPoint(100, 17), paint);
        Write(canvas, "prediction", 112, 22);
    }

    private static void DrawFace(SKCanvas canvas, KeypointSchema schema, PredictedFace face, bool withPixels, SKPaint paint)
    {
        float scale = Cell / (float)Math.Max(schema.FrameWidth, schema.FrameHeight);
        SKRect frame = SKRect.Create(schema.FrameWidth * scale, schema.FrameHeight * scale);
        canvas.Save();
        canvas.ClipRect(frame);
        canvas.Clear(Blank);
        if (withPixels)
            DrawPixels(canvas, schema, face.Image, frame);
        for (int k = 0; k < schema.Count; k++)
        {
            SKPoint prediction = Place(face.Predicted, k, scale);
            if (!float.IsNaN(face.Labels[2 * k]))
            {
                SKPoint label = Place(face.Labels, k, scale);
                paint.IsStroke = true;
                paint.StrokeWidth = 1.5f;
                paint.Color = SKColors.White;
                canvas.DrawLine(label, prediction, paint);
                DrawLabel(canvas, label, paint);
            }

            DrawPrediction(canvas, prediction, paint);
        }

        canvas.Restore();
        string caption = string.Create(CultureInfo.InvariantCulture, $"row {face.SourceRow}: {face.Rmse:0.00} px");
        Write(canvas, caption, 2, Cell + 18);
    }

    private static void DrawPixels(SKCanvas canvas, KeypointSchema schema, byte[] image, SKRect frame)
    {
        var info = new SKImageInfo(schema.FrameWidth, schema.FrameHeight, SKColorType.Gray8, SKAlphaType.Opaque);
        using SKImage pixels = SKImage.FromPixelCopy(info, image);
        canvas.DrawImage(pixels, frame, new SKSamplingOptions(SKCubicResampler.Mitchell));
    }

    private static void DrawLabel(SKCanvas canvas, SKPoint point, SKPaint paint)
    {
        paint.IsStroke = true;
        paint.StrokeWidth = 1.6f;
        paint.Color = Label;
        canvas.DrawCircle(point, 4, paint);
    }

    private static void DrawPrediction(SKCanvas canvas, SKPoint point, SKPaint paint)
    {
        paint.IsStroke = false;
        paint.Color = Prediction;
        canvas.DrawCircle(point, 2.4f, paint);
    }

    private static void Write(SKCanvas canvas, string text, float x, float baseline)
    {
        using var font = new SKFont(PlotFont.Typeface, TextSize) { Edging = SKFontEdging.Antialias };
        using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true };
        canvas.DrawText(text, x, baseline, SKTextAlign.Left, font, paint);
    }

    // Pixel centres are at integers in the frame, at halves on the canvas.
    private static SKPoint Place(float[] coordinates, int keypoint, float scale) =>
        new((coordinates[2 * keypoint] + 0.5f) * scale, (coordinates[(2 * keypoint) + 1] + 0.5f) * scale);
}
