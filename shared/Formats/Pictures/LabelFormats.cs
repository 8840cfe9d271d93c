namespace KeypointPipeline.Formats.Pictures;

/// <summary>The formats of labels whose pictures are files of their own.</summary>
internal static class LabelFormats
{
    /// <summary>All formats, sorted by name.</summary>
    public static IReadOnlyList<ILabelFormat> All { get; } =
    [
        .. typeof(LabelFormats).Assembly.GetTypes()
            .Where(type => type.IsClass && typeof(ILabelFormat).IsAssignableFrom(type))
            .Select(type => (ILabelFormat)Activator.CreateInstance(type)!)
            .OrderBy(format => format.Name, StringComparer.Ordinal),
    ];
}
