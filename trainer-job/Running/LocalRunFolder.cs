using KeypointPipeline.Files;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>A run in a local folder.</summary>
/// <param name="path">An existing folder.</param>
/// <param name="datasets">Folders of the prepared datasets, by dataset id.</param>
public sealed class LocalRunFolder(string path, IReadOnlyDictionary<string, string> datasets) : IRunFolder
{
    /// <inheritdoc/>
    /// <remarks>The lock is an open file. It ends with the process, so there is nothing to wait for.</remarks>
    public Task<IRunLock?> TryLockAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IRunLock?>(LockFile.TryTake(PathOf(TrainingRunFiles.Lock)) is { } taken ? new FileLock(taken) : null);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string file, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(file)));

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string file, CancellationToken cancellationToken) =>
        File.Exists(PathOf(file)) ? await File.ReadAllBytesAsync(PathOf(file), cancellationToken) : null;

    /// <inheritdoc/>
    public Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WholeFile.WriteAsync(PathOf(file), content, WholeFileOptions.FlushToDisk, cancellationToken);

    /// <inheritdoc/>
    public Task<string> FetchDatasetAsync(string datasetId, CancellationToken cancellationToken) =>
        datasets.TryGetValue(datasetId, out string? folder)
            ? Task.FromResult(folder)
            : throw new FileNotFoundException($"No prepared dataset {datasetId} was given for the run in {path}.");

    private string PathOf(string file) => Path.Combine(path, file);

    private sealed class FileLock(LockFile file) : IRunLock
    {
        public CancellationToken Lost => CancellationToken.None;

        public ValueTask DisposeAsync()
        {
            file.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
