using System.Text;
using KeypointPipeline.Plots;

namespace KeypointPipeline.Api.Charts;

/// <summary>Answers with a chart as SVG, in the colours that the request asks for.</summary>
internal static class ChartAnswer
{
    /// <summary>Query value with the colours.</summary>
    public const string ThemeName = "theme";

    private const string ContentType = "image/svg+xml";

    /// <summary>Draws a chart. Its ETag is the hash of the drawing, so a client that polls gets 304 while nothing changes.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="theme">Its colours.</param>
    public static ApiAnswer Of(Chart chart, PlotTheme theme)
    {
        byte[] svg = Encoding.UTF8.GetBytes(chart.ToSvg(theme));
        return ApiAnswer.File(new ApiFile(new MemoryStream(svg), ContentType, JsonBody.ETagOf(svg), LastModified: null));
    }

    /// <summary>Reads the colours from the query: <c>light</c>, which is the default, or <c>dark</c>.</summary>
    /// <exception cref="ApiProblemException">400: another value.</exception>
    public static PlotTheme ReadTheme(ApiCall call) => call.Query.GetValueOrDefault(ThemeName) switch
    {
        null or "light" => PlotTheme.Light,
        "dark" => PlotTheme.Dark,
        string other => throw new ApiProblemException(400, "Invalid query", $"{ThemeName}={other}: expected light or dark."),
    };
}
