namespace KeypointPipeline.Storage;

/// <summary>A local folder for files that can be downloaded or created again: caches and work in progress.</summary>
/// <param name="Path">Path of the folder. It is created on use.</param>
/// <param name="Trainers">Folder in which trainers on this machine keep downloaded datasets, a subfolder per run; null if there are no
/// trainers on this machine.</param>
public sealed record WorkFolder(string Path, string? Trainers = null)
{
    /// <summary>Folder of downloaded models, one file per version.</summary>
    public string Models => Create("models");

    /// <summary>Creates a temporary folder. The caller disposes it.</summary>
    public TemporaryFolder CreateTemporary() => new(System.IO.Path.Combine(Create("temporary"), Guid.NewGuid().ToString("N")));

    /// <summary>Finds the copies of a prepared dataset that the trainers on this machine, and earlier versions of this host, keep.</summary>
    public IReadOnlyList<string> FindDatasetCopies(string datasetId)
    {
        string[] caches = [System.IO.Path.Combine(Path, "datasets"), .. Directory.Exists(Trainers) ? Directory.GetDirectories(Trainers) : []];
        return [.. caches.Select(cache => LocalPath.Below(cache, datasetId)).Where(Directory.Exists)];
    }

    /// <summary>Deletes temporary folders that killed processes left behind, and the datasets and zips of images that earlier versions
    /// downloaded. Call it only while nobody uses the work folder.</summary>
    public void DeleteLeftovers()
    {
        foreach (string name in (string[])["temporary", "batches", "datasets"])
            Directory.Delete(Create(name), recursive: true);
    }

    private string Create(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
}

/// <summary>A temporary folder. Disposing it deletes the folder.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    /// <param name="path">Path of the folder, absolute or relative.</param>
    public TemporaryFolder(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }

    /// <summary>Returns the path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
