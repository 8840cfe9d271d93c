using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Stores results in a local folder. Each file is written under a temporary name and then renamed.</summary>
/// <param name="folder">The folder. It is created with the first file.</param>
public sealed class FolderResultStore(string folder) : IResultStore
{
    /// <inheritdoc/>
    public StagedFile Create(string name)
    {
        string path = Locate(name);
        return new StagedFile($"{path}.{Guid.NewGuid():N}.partial", (stream, _) =>
        {
            File.Move(stream.Name, path, overwrite: true);
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using StagedFile file = Create(name);
        await file.Stream.WriteAsync(content, cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

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
