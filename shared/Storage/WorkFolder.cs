namespace KeypointPipeline.Storage;

/// <summary>A local folder for files that can be fetched or made again: caches and work in progress.</summary>
/// <param name="Path">The folder; created on use.</param>
public sealed record WorkFolder(string Path)
{
    /// <summary>Downloaded prepared datasets, a folder each.</summary>
    public string Datasets => Create("datasets");

    /// <summary>Downloaded models, a file each.</summary>
    public string Models => Create("models");

    /// <summary>Downloaded batch archives, a file each.</summary>
    public string Batches => Create("batches");

    /// <summary>A fresh folder that its user deletes.</summary>
    public TemporaryFolder CreateTemporary() => new(System.IO.Path.Combine(Create("temporary"), Guid.NewGuid().ToString("N")));

    /// <summary>Deletes what users that were killed left behind. Only while nobody uses the folder.</summary>
    public void DeleteLeftovers() => Directory.Delete(Create("temporary"), recursive: true);

    private string Create(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
}

/// <summary>A folder that is deleted when done.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TemporaryFolder(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
