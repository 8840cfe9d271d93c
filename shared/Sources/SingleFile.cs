using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>A set of one file.</summary>
public sealed class SingleFile : FileSet
{
    /// <summary>Creates the set of one file, also if the file is hidden: it was named explicitly.</summary>
    public SingleFile(DatasetSource source)
        : this(source, OwnName(source))
    {
    }

    private SingleFile(DatasetSource source, string name)
        : base(name, [new SetFile(name, source.Length, source.OpenAsync)])
    {
    }

    private static string OwnName(DatasetSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return FileNames.LastPart(source.Name);
    }
}
