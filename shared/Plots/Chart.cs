using System.Text;
using ScottPlot;
using SkiaSharp;

namespace KeypointPipeline.Plots;

/// <summary>A chart of numbers. The same numbers give the same bytes, on every machine.</summary>
public abstract record Chart
{
    /// <summary>Pixels of a PNG for each pixel of <see cref="Width"/> and <see cref="Height"/>, for sharp text on screens of today.</summary>
    public const int PngScale = 2;

    /// <summary>Size of ordinary text, pixels.</summary>
    private protected const float TextSize = 12;

    /// <summary>What it shows, in one sentence: the title of the SVG, and text for people who do not see it.</summary>
    public abstract string Title { get; }

    /// <summary>Width of the SVG, pixels.</summary>
    public abstract int Width { get; }

    /// <summary>Height of the SVG, pixels.</summary>
    public abstract int Height { get; }

    /// <summary>Draws it as SVG. It scales to any width and loads nothing.</summary>
    public string ToSvg(PlotTheme theme)
    {
        var lettering = new Lettering(isSvg: true);
        using Plot plot = Create(theme, lettering);

        // The first rendering sets the layout. What a plot clears in the second one would become a rectangle.
        using (var measured = new SKNoDrawCanvas(Width, Height))
            plot.Render(measured, Width, Height);
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), stream))
            plot.Render(canvas, Width, Height);
        return SvgText.Finish(Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)), Title, lettering.StandIns);
    }

    /// <summary>Draws it as PNG, <see cref="PngScale"/> times as wide and high as the SVG.</summary>
    public byte[] ToPng(PlotTheme theme)
    {
        using Plot plot = Create(theme, new Lettering(isSvg: false));
        plot.ScaleFactor = PngScale;
        using Image image = plot.GetImage(Width * PngScale, Height * PngScale);
        return image.GetImageBytes(ImageFormat.Png);
    }

    /// <summary>Puts the numbers on an empty plot in the theme's colours.</summary>
    private protected abstract void Compose(Plot plot, PlotPalette palette, Lettering lettering);

    private Plot Create(PlotTheme theme, Lettering lettering)
    {
        PlotFont.Use();
        PlotPalette palette = PlotPalette.Of(theme);
        var plot = new Plot();
        plot.FigureBackground.Color = palette.Ground;
        plot.Axes.Color(palette.Muted);
        plot.Axes.FrameColor(palette.Line);
        plot.Grid.MajorLineColor = palette.Line;
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.Bold = false;
            axis.Label.FontSize = TextSize;
            axis.TickLabelStyle.FontSize = TextSize;
            axis.MajorTickStyle.Color = palette.Line;
            axis.MinorTickStyle.Length = 0;
        }

        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.FontSize = TextSize + 1;
        plot.Axes.Title.Label.ForeColor = palette.Text;
        plot.Legend.FontSize = TextSize;
        plot.Legend.FontColor = palette.Text;
        plot.Legend.BackgroundColor = palette.Ground;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        Compose(plot, palette, lettering);
        return plot;
    }
}
