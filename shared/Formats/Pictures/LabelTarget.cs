namespace KeypointPipeline.Formats.Pictures;

/// <summary>A format as a target of <c>./keypoints convert</c>.</summary>
/// <param name="Name">What <c>--to</c> calls it, for example <c>coco</c>.</param>
/// <param name="Ending">Ending of its label file with the dot; null if it has several files, which need a folder.</param>
internal sealed record LabelTarget(string Name, string? Ending)
{
    /// <summary>Gets whether a file with the ending has this format if <c>--to</c> is left out.</summary>
    public bool IsUsual { get; init; } = true;

    /// <summary>Gets whether boxes keep their angle. Says nothing if the format has no boxes.</summary>
    public bool HasAngles { get; init; }

    /// <summary>Gets whether rows keep their group.</summary>
    public bool HasGroups { get; init; }

    /// <summary>Gets whether a prediction stays one: rows keep origin and checksum.</summary>
    public bool HasOrigins { get; init; }
}
