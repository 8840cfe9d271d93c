using KeypointPipeline.Storage;

namespace KeypointPipeline.Models;

/// <summary>Keeps the most recently used model open, so that the many small steps of a batch share one session. Closes any other model
/// when its last user is done. Keeps the files of a few versions on this machine.</summary>
public sealed class ModelCache(ModelRegistry models, WorkFolder work) : IDisposable
{
    /// <summary>Files that are kept: the model in use, the one before it, and one more for a promotion while both are in use.</summary>
    private const int KeptFiles = 3;

    private const string Ending = ".onnx";

    private readonly KeptOpen<KeypointModel> _models = new();

    /// <summary>Opens a published version, or shares it if it is already open.</summary>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    public Task<Lease<KeypointModel>> OpenAsync(string version, CancellationToken cancellationToken) =>
        _models.OpenAsync(version, closing => LoadAsync(version, closing), cancellationToken);

    /// <summary>Closes the model when its last user is done.</summary>
    public void Dispose() => _models.Dispose();

    private async Task<KeypointModel> LoadAsync(string version, CancellationToken cancellationToken)
    {
        string path = Path.Combine(work.Models, version + Ending);
        await models.DownloadAsync(version, path, cancellationToken);
        KeypointModel model = KeypointModel.Open(path);
        DeleteOldFiles(path);
        return model;
    }

    /// <summary>Deletes the files that were downloaded first. An open model does not need its file.</summary>
    private void DeleteOldFiles(string used)
    {
        IEnumerable<FileInfo> others = new DirectoryInfo(work.Models).EnumerateFiles($"*{Ending}").Where(file => file.FullName != used);
        foreach (FileInfo old in others.OrderByDescending(file => file.LastWriteTimeUtc).Skip(KeptFiles - 1).ToArray())
        {
            try
            {
                old.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another step reads it, on Windows. The next model that is opened tries again.
            }
        }
    }
}
