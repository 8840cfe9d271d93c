using System.Globalization;
using SkiaSharp;

namespace KeypointPipeline.Bench.Accuracy.Pictures;

/// <summary>Validation error against training seconds, both logarithmic: a bold line per entry, the mean of its seeds, and a faint one
/// per seed.</summary>
internal static class CurvePlot
{
    private const int Width = 1200;
    private const int Height = 680;
    private static readonly SKRect Area = new(70, 30, 880, 610);
    private static readonly double[] Marks = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

    /// <summary>Errors above this many times the lowest are cut off: they belong to untrained networks.</summary>
    private const double HighestShown = 5;

    private static readonly SKColor[] Colours =
    [
        new(0xFF7F7F7F), new(0xFF8C564B), new(0xFF1F77B4), new(0xFF17BECF), new(0xFF9467BD), new(0xFF2CA02C), new(0xFFD62728), new(0xFFFF9F1C),
        new(0xFFE377C2), new(0xFFBCBD22), new(0xFF393B79), new(0xFF000000),
    ];

    /// <summary>Draws the plot.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="entries">Each with at least one curve and its colour's number, which does not depend on the other entries.</param>
    public static void Draw(
        string path, IReadOnlyList<(string Name, int Colour, IReadOnlyList<IReadOnlyList<CurvePoint>> Curves)> entries)
    {
        List<CurvePoint> points = [.. entries.SelectMany(entry => entry.Curves).SelectMany(curve => curve)];
        double lowest = points.Min(point => point.Rmse);
        var axes = new Axes(
            new LogScale(points.Min(point => point.Seconds), points.Max(point => point.Seconds) * 1.02, Area.Left, Area.Right),
            new LogScale(lowest * 0.96, Math.Min(points.Max(point => point.Rmse), lowest * HighestShown) * 1.02, Area.Bottom, Area.Top));
        PngFile.Draw(path, Width, Height, canvas =>
        {
            canvas.Clear(SKColors.White);
            DrawGrid(canvas, axes);
            for (int i = 0; i < entries.Count; i++)
                DrawEntry(canvas, axes, entries[i].Name, entries[i].Curves, Colours[entries[i].Colour % Colours.Length], i);
        });
    }

    private static void DrawGrid(SKCanvas canvas, Axes axes)
    {
        using var line = new SKPaint { Color = new SKColor(0xFFE3E3E3), IsStroke = true };
        foreach (double mark in MarksOn(axes.Errors, Marks))
        {
            float y = axes.Errors.Place(mark);
            canvas.DrawLine(Area.Left, y, Area.Right, y, line);
            Lettering.Write(canvas, mark.ToString(CultureInfo.InvariantCulture), Area.Left - 8, y + 5, 15, SKColors.Black, SKTextAlign.Right);
        }

        foreach (double mark in MarksOn(axes.Seconds, [1, 2, 5]))
        {
            float x = axes.Seconds.Place(mark);
            canvas.DrawLine(x, Area.Top, x, Area.Bottom, line);
            Lettering.Write(canvas, mark.ToString(CultureInfo.InvariantCulture), x, Area.Bottom + 20, 15, SKColors.Black, SKTextAlign.Center);
        }

        line.Color = SKColors.Black;
        canvas.DrawRect(Area, line);
        Lettering.Write(canvas, "training seconds", Area.MidX, Area.Bottom + 48, 16, SKColors.Black, SKTextAlign.Center);
        canvas.Save();
        canvas.RotateDegrees(-90, 22, Area.MidY);
        Lettering.Write(canvas, "validation RMSE, pixels of the frame", 22, Area.MidY, 16, SKColors.Black, SKTextAlign.Center);
        canvas.Restore();
    }

    private static IEnumerable<double> MarksOn(LogScale scale, double[] marks) =>
        from power in Enumerable.Range(-2, 8)
        from mark in marks
        let value = mark * Math.Pow(10, power)
        where scale.Holds(value)
        select value;

    private static void DrawEntry(
        SKCanvas canvas, Axes axes, string name, IReadOnlyList<IReadOnlyList<CurvePoint>> curves, SKColor colour, int row)
    {
        using var paint = new SKPaint { IsAntialias = true, IsStroke = true, StrokeJoin = SKStrokeJoin.Round };
        canvas.Save();
        canvas.ClipRect(Area);
        if (curves.Count > 1)
        {
            paint.Color = colour.WithAlpha(80);
            paint.StrokeWidth = 1;
            foreach (IReadOnlyList<CurvePoint> curve in curves)
                DrawLine(canvas, axes, curve.Select(point => (point.Seconds, point.Rmse)), paint);
        }

        paint.Color = colour;
        paint.StrokeWidth = 2.6f;
        DrawLine(canvas, axes, CurveMean.Of(curves), paint);
        canvas.Restore();

        float y = Area.Top + 16 + (row * 44);
        canvas.DrawLine(Area.Right + 16, y - 5, Area.Right + 44, y - 5, paint);
        Lettering.Write(canvas, name, Area.Right + 52, y, 16, SKColors.Black);
        string best = curves.Average(curve => curve.Min(point => point.Rmse)).ToString("0.00", CultureInfo.InvariantCulture);
        Lettering.Write(canvas, $"lowest {best} px", Area.Right + 52, y + 18, 13, SKColors.Gray);
    }

    private static void DrawLine(SKCanvas canvas, Axes axes, IEnumerable<(double Seconds, double Rmse)> points, SKPaint paint)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly([.. points.Select(point => new SKPoint(axes.Seconds.Place(point.Seconds), axes.Errors.Place(point.Rmse)))], close: false);
        using SKPath path = builder.Detach();
        canvas.DrawPath(path, paint);
    }

    private sealed record Axes(LogScale Seconds, LogScale Errors);

    private sealed record LogScale(double From, double To, float Start, float End)
    {
        public bool Holds(double value) => value >= From && value <= To;

        public float Place(double value) => Start + ((End - Start) * (float)(Math.Log(value / From) / Math.Log(To / From)));
    }
}
