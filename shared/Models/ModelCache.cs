using KeypointPipeline.Storage;

namespace KeypointPipeline.Models;

/// <summary>Keeps the most recently used model open, so that the many small steps of a batch share one session. Closes any other model
/// when its last user is done.</summary>
public sealed class ModelCache(ModelRegistry models, WorkFolder work) : IDisposable
{
    private readonly KeptOpen<KeypointModel> _models = new();

    /// <summary>Opens a published version, or shares it if it is already open.</summary>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    public Task<Lease<KeypointModel>> OpenAsync(string version, CancellationToken cancellationToken) =>
        _models.OpenAsync(version, closing => LoadAsync(version, closing), cancellationToken);

    /// <summary>Closes the model when its last user is done.</summary>
    public void Dispose() => _models.Dispose();

    private async Task<KeypointModel> LoadAsync(string version, CancellationToken cancellationToken)
    {
        string path = Path.Combine(work.Models, $"{version}.onnx");
        await models.DownloadAsync(version, path, cancellationToken);
        return KeypointModel.Open(path);
    }
}
