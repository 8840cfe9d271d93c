using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Stores results in a local folder. Each file is written under a temporary name and then renamed.</summary>
/// <param name="folder">The folder. It is created with the first file.</param>
public sealed class FolderResultStore(string folder) : IResultStore
{
    /// <inheritdoc/>
    public StagedFile Create(string name) => StagedFile.Of(WholeFile.Create(Locate(name), WholeFileOptions.SeveralWriters));

    /// <inheritdoc/>
    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WholeFile.WriteAsync(Locate(name), content, WholeFileOptions.SeveralWriters, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(Locate(name));
        return Task.CompletedTask;
    }

    /// <summary>Creates a file for intermediate results. It has no name that others read, and is deleted when it is disposed.</summary>
    internal FileStream CreateScratch() => new(Locate($"{Guid.NewGuid():N}.partial"), new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
    });

    /// <summary>Deletes the tables of an earlier prediction that the newer one did not replace: a folder never holds tables of two predictions.</summary>
    /// <param name="tables">Names of the newer prediction's tables.</param>
    internal void DeleteOtherTables(IReadOnlyCollection<string> tables)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(file);
            if (ResultFiles.IsTable(name) && !tables.Contains(name))
                File.Delete(file);
        }
    }

    private string Locate(string name)
    {
        string path = LocalPath.Below(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
