using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo;

/// <summary>A picture on a contact sheet.</summary>
/// <param name="Picture">The picture, any size. The sheet does not dispose it.</param>
/// <param name="Keypoints">The keypoints in the schema's order, in pixels of <paramref name="Picture"/> with centres at integers. A keypoint
/// with NaN is not drawn.</param>
public sealed record ContactSheetCell(SKBitmap Picture, IReadOnlyList<SKPoint> Keypoints);

/// <summary>Draws many pictures with their keypoints into one PNG. It is the fastest way to see whether the keypoints are right.</summary>
public static class ContactSheet
{
    private const int Gap = 4;
    private static readonly SKColor Background = new(0xFF15181C);

    /// <summary>Draws the sheet: pictures in reading order, each scaled to fit a square, one dot per keypoint.</summary>
    /// <param name="cells">The pictures, at least one.</param>
    /// <param name="schema">The schema, which names the mirror pairs. They have their own colours (<see cref="KeypointDots"/>).</param>
    /// <param name="columns">Pictures per row, at least 1.</param>
    /// <param name="cellSize">Side of a picture on the sheet, pixels, at least 16.</param>
    /// <exception cref="ArgumentException">There is no picture, or the number of a picture's keypoints differs from the
    /// schema's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The columns or the cell size are too small.</exception>
    public static SKBitmap Draw(IReadOnlyList<ContactSheetCell> cells, KeypointSchema schema, int columns, int cellSize)
    {
        if (cells.Count == 0)
            throw new ArgumentException("A contact sheet needs at least one picture.", nameof(cells));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellSize, 16);
        columns = Math.Min(columns, cells.Count);
        int rows = (cells.Count + columns - 1) / columns;
        var sheet = new SKBitmap(new SKImageInfo(
            columns * (cellSize + Gap) + Gap, rows * (cellSize + Gap) + Gap, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(Background);
        for (int i = 0; i < cells.Count; i++)
        {
            canvas.Save();
            canvas.Translate(Gap + i % columns * (cellSize + Gap), Gap + i / columns * (cellSize + Gap));
            DrawCell(canvas, cells[i], schema, cellSize);
            canvas.Restore();
        }

        return sheet;
    }

    /// <summary>Draws the sheet into a PNG file. Readers see the old file or the complete new one.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task WriteAsync(
        string path, IReadOnlyList<ContactSheetCell> cells, KeypointSchema schema, int columns, int cellSize,
        CancellationToken cancellationToken)
    {
        using SKBitmap sheet = Draw(cells, schema, columns, cellSize);
        using SKData png = sheet.Encode(SKEncodedImageFormat.Png, 100);
        await WholeFile.WriteAsync(path, png.ToArray(), WholeFileOptions.None, cancellationToken);
    }

    private static void DrawCell(SKCanvas canvas, ContactSheetCell cell, KeypointSchema schema, int cellSize)
    {
        if (cell.Keypoints.Count != schema.Count)
            throw new ArgumentException(
                $"A picture has {cell.Keypoints.Count} keypoints, but the schema has {schema.Count}.", nameof(cell));
        float scale = cellSize / (float)Math.Max(cell.Picture.Width, cell.Picture.Height);
        float left = (cellSize - cell.Picture.Width * scale) / 2, top = (cellSize - cell.Picture.Height * scale) / 2;
        using SKImage image = SKImage.FromBitmap(cell.Picture);
        SKSamplingOptions sampling = scale < 1
            ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
            : new SKSamplingOptions(SKCubicResampler.Mitchell);
        canvas.DrawImage(image, SKRect.Create(left, top, cell.Picture.Width * scale, cell.Picture.Height * scale), sampling);

        SKPoint[] points = [.. cell.Keypoints.Select(point => new SKPoint(left + (point.X + 0.5f) * scale, top + (point.Y + 0.5f) * scale))];
        KeypointDots.Draw(canvas, points, schema, MathF.Max(1.2f, cellSize / 90f));
    }
}
