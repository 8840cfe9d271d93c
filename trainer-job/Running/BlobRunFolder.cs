using Azure.Storage.Blobs;
using KeypointPipeline.Datasets;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>A run in blobs <c>runs/{runId}/…</c>, with its datasets in <c>prepared/{datasetId}/…</c>.</summary>
/// <param name="storage">The account.</param>
/// <param name="runId">The run.</param>
/// <param name="cacheFolder">Local folder for downloaded datasets.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For people.</param>
public sealed class BlobRunFolder(
    PipelineStorage storage, string runId, string cacheFolder, TimeProvider time, ILogger logger) : IRunFolder
{
    /// <inheritdoc/>
    public Task<IRunLock?> TryLockAsync(CancellationToken cancellationToken) =>
        BlobRunLock.TryTakeAsync(Blob(TrainingRunFiles.Lock), time, logger, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string file, CancellationToken cancellationToken) =>
        await Blob(file).ExistsAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string file, CancellationToken cancellationToken) =>
        (await storage.FindContentAsync(BlobLayout.Runs, Name(file), cancellationToken))?.Content.ToArray();

    /// <inheritdoc/>
    public Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Blob(file).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellationToken);

    /// <inheritdoc/>
    public Task<string> FetchDatasetAsync(string datasetId, CancellationToken cancellationToken) =>
        new PreparedDatasetStore(storage).DownloadAsync(datasetId, cacheFolder, cancellationToken);

    private BlobClient Blob(string file) => storage.Blob(BlobLayout.Runs, Name(file));

    private string Name(string file) => $"{runId}/{file}";
}
