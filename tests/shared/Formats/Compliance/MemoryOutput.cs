using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Keeps written files in memory once they are committed.</summary>
internal sealed class MemoryOutput : LabelOutput
{
    /// <summary>The committed files by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override StagedFile Create(string path)
    {
        var stream = new MemoryStream();
        return new StagedFile(
            stream,
            _ =>
            {
                Files.Add(path, stream.ToArray());
                return Task.CompletedTask;
            },
            stream);
    }
}
