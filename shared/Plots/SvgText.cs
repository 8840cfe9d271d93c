using System.Globalization;
using System.Xml.Linq;

namespace KeypointPipeline.Plots;

/// <summary>Finishes an SVG that Skia wrote: a title, a size that scales, fonts that readers have, and the same ids each time.</summary>
internal static class SvgText
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Finishes it.</summary>
    /// <param name="drawn">What Skia wrote.</param>
    /// <param name="title">What the drawing shows.</param>
    /// <param name="standIns">Texts by the stand-ins that were drawn for them.</param>
    public static string Finish(string drawn, string title, IReadOnlyDictionary<string, string> standIns)
    {
        XElement root = XDocument.Parse(drawn).Root!;
        root.SetAttributeValue("viewBox", $"0 0 {root.Attribute("width")!.Value} {root.Attribute("height")!.Value}");
        root.SetAttributeValue("role", "img");
        root.AddFirst(new XElement(Svg + "title", Lettering.Clean(title)));
        NumberIds(root);
        foreach (XElement text in root.Descendants(Svg + "text"))
        {
            // Skia gives each letter its place. The reader's font spaces the letters better from the first one's place, over the same length:
            // a wider font would run into its neighbours.
            float[] columns = Places(text, "x");
            if (columns.Length > 1)
            {
                float letters = columns.Length / (columns.Length - 1f);
                text.SetAttributeValue("textLength", ((columns[^1] - columns[0]) * letters).ToString("0.#", CultureInfo.InvariantCulture));
                text.SetAttributeValue("lengthAdjust", "spacingAndGlyphs");
            }

            foreach (string axis in (string[])["x", "y"])
                text.SetAttributeValue(axis, Places(text, axis) is [float first, ..] ? first : null);
            text.SetAttributeValue("font-family", PlotFont.Families);
            string written = text.Value.Trim();
            text.Value = standIns.GetValueOrDefault(written, written);
        }

        return root.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static float[] Places(XElement text, string axis) =>
    [
        .. (text.Attribute(axis)?.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(place => float.Parse(place, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Skia numbers its clips through the whole life of a process, so the same drawing would differ each time.</summary>
    private static void NumberIds(XElement root)
    {
        Dictionary<string, string> ids = [];
        foreach (XAttribute id in root.Descendants().Attributes("id"))
        {
            ids[$"url(#{id.Value})"] = $"url(#c{ids.Count})";
            id.Value = $"c{ids.Count - 1}";
        }

        foreach (XAttribute use in root.Descendants().Attributes("clip-path"))
            use.Value = ids[use.Value];
    }
}
