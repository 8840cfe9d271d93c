using ScottPlot;

namespace KeypointPipeline.Plots;

/// <summary>Colours by their purpose. They are those of the page's <c>style.css</c>: text and series have the contrast that WCAG AA asks for.</summary>
/// <param name="Ground">Behind everything.</param>
/// <param name="Text">Titles, names and values.</param>
/// <param name="Muted">Ticks and remarks.</param>
/// <param name="Line">Grid and frame.</param>
/// <param name="First">The first series.</param>
/// <param name="Second">The second series.</param>
/// <param name="Best">What is best.</param>
internal sealed record PlotPalette(Color Ground, Color Text, Color Muted, Color Line, Color First, Color Second, Color Best)
{
    private static readonly PlotPalette Light = new(
        Color.FromHex("#ffffff"),
        Color.FromHex("#1b1d20"),
        Color.FromHex("#5b5f66"),
        Color.FromHex("#dcdcd7"),
        Color.FromHex("#1b59b3"),
        Color.FromHex("#7a4d00"),
        Color.FromHex("#17693f"));

    private static readonly PlotPalette Dark = new(
        Color.FromHex("#1d2024"),
        Color.FromHex("#e7e8ea"),
        Color.FromHex("#a5abb3"),
        Color.FromHex("#33383f"),
        Color.FromHex("#86b4ff"),
        Color.FromHex("#e7ba66"),
        Color.FromHex("#74d3a2"));

    /// <summary>Twelve colours for many series on a light ground, in the order in which they are given out.</summary>
    public static IReadOnlyList<Color> Many { get; } =
    [
        .. ((string[])
        [
            "#7f7f7f", "#8c564b", "#1f77b4", "#17becf", "#9467bd", "#2ca02c", "#d62728", "#ff9f1c", "#e377c2", "#bcbd22", "#393b79", "#000000",
        ]).Select(Color.FromHex),
    ];

    /// <summary>The colours of a theme.</summary>
    public static PlotPalette Of(PlotTheme theme) => theme == PlotTheme.Dark ? Dark : Light;
}
