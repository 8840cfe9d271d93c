namespace KeypointPipeline.TestSupport;

/// <summary>A test's own folder, deleted at the end. Its name holds a space and a letter beyond ASCII, as users' folders do.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    /// <param name="purpose">Part of its name.</param>
    public TempFolder(string purpose) =>
        Path = Directory.CreateTempSubdirectory($"keypoints ü {purpose} ").FullName;

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>A path inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Deletes it with all it holds.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
