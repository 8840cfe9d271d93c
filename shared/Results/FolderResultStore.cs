using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Stores results in a local folder. Each file is written under a temporary name and then renamed.</summary>
/// <param name="folder">The folder. It is created with the first file.</param>
public sealed class FolderResultStore(string folder) : IResultStore
{
    /// <inheritdoc/>
    public StagedFile Create(string name) => new(WholeFile.Create(Locate(name), WholeFileOptions.SeveralWriters), (file, _) =>
    {
        file.Commit();
        return Task.CompletedTask;
    });

    /// <inheritdoc/>
    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WholeFile.WriteAsync(Locate(name), content, WholeFileOptions.SeveralWriters, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(Locate(name));
        return Task.CompletedTask;
    }

    private string Locate(string name)
    {
        string path = LocalPath.Below(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
