namespace KeypointPipeline.Shared.Tests.Formats.Cvat;

/// <summary>Writes pieces of <c>annotations.xml</c>.</summary>
internal static class CvatXml
{
    public const string Nose = "<points label=\"nose\" occluded=\"0\" points=\"3.5,4.5\"/>";
    public const string Tail = "<points label=\"tail\" occluded=\"1\" points=\"5.50,6.50\"/>";

    public static string Image(string shapes, string name = "a.png") => $"<image id=\"0\" name=\"{name}\" width=\"40\" height=\"30\">{shapes}</image>\n";

    public static string Skeleton(string points, string label = "animal", int group = 0) => $"<skeleton label=\"{label}\" source=\"manual\" z_order=\"0\"{Group(group)}>{points}</skeleton>";

    public static string Point(string label, int x, int y, int group = 0) => $"<points label=\"{label}\" occluded=\"0\" points=\"{x}.00,{y}.00\"{Group(group)}/>";

    public static string Box(int left, int top, int width, int height, int group = 0) =>
        $"<box label=\"body\" occluded=\"0\" xtl=\"{left}\" ytl=\"{top}\" xbr=\"{left + width}\" ybr=\"{top + height}\"{Group(group)}/>";

    private static string Group(int group) => group == 0 ? "" : $" group_id=\"{group}\"";

    public static string Named(string label, string attribute, string value) =>
        $"<points label=\"{label}\" points=\"1,2\"><attribute name=\"sure\">yes</attribute><attribute name=\"{attribute}\"> {value} </attribute></points>";

    public static string Meta(params string[] labels) => $"<meta><project><labels>{string.Concat(labels.Select(label => label.Split('<')).Select(parts =>
        $"<label><name>{parts[0]}</name><attributes><attribute><name>colour</name></attribute></attributes>{(parts.Length == 1 ? "" : $"<parent>{parts[1]}</parent>")}</label>"))}</labels></project></meta>";

    public static string Document(string content) => $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations><version>1.1</version>{content}</annotations>";

    public static Task<ReadSet> ReadAsync(string content, params string[] pictures) => ReadSet.FromAsync([("annotations.xml", Document(content))], pictures);
}
