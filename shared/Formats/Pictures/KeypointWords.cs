namespace KeypointPipeline.Formats.Pictures;

/// <summary>Usual names of the attribute that says which keypoint a point is, in tools whose attributes are free. Of several, the first
/// counts. Upper and lower case make no difference.</summary>
internal static class KeypointWords
{
    /// <summary>Names that mean nothing else.</summary>
    public static IReadOnlyList<string> Sure { get; } = ["keypoint", "keypoint_name", "landmark", "bodypart", "body_part", "joint"];

    /// <summary>Names that often mean it.</summary>
    public static IReadOnlyList<string> Likely { get; } = [.. Sure, "part", "name"];
}
