using System.Xml.Linq;

namespace KeypointPipeline.Shared.Tests.Plots;

/// <summary>Reads a chart that was drawn as SVG.</summary>
internal static class ChartSvg
{
    public static XName Name(string element) => XName.Get(element, "http://www.w3.org/2000/svg");

    /// <summary>Where a text is, pixels from the top.</summary>
    public static double Top(XElement text) =>
        double.Parse(text.Attribute("transform")!.Value.Split(' ', '(', ')')[2], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>All texts in the order in which they are drawn.</summary>
    public static string[] Texts(string svg) => [.. XDocument.Parse(svg).Descendants(Name("text")).Select(text => text.Value)];
}
