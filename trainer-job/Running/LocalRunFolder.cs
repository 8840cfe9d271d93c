using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>A run in a local folder; its prepared datasets in <c>prepared/{datasetId}</c> below.</summary>
/// <param name="path">The folder; it exists.</param>
public sealed class LocalRunFolder(string path) : IRunFolder
{
    /// <summary>Where a prepared dataset of the run is, or goes.</summary>
    public string PathOfPrepared(string datasetId) => Path.Combine(path, "prepared", datasetId);

    /// <inheritdoc/>
    /// <remarks>The lock is an open file: it ends with the process, so there is nothing to wait for.</remarks>
    public Task<IRunLock?> TryLockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<IRunLock?>(new FileLock(
                new FileStream(PathOf(TrainingRunFiles.Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)));
        }
        catch (IOException) when (File.Exists(PathOf(TrainingRunFiles.Lock)))
        {
            return Task.FromResult<IRunLock?>(null);
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string file, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(file)));

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string file, CancellationToken cancellationToken) =>
        File.Exists(PathOf(file)) ? await File.ReadAllBytesAsync(PathOf(file), cancellationToken) : null;

    /// <inheritdoc/>
    public async Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string partial = PathOf(file) + ".partial";
        await using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            await stream.WriteAsync(content, cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, PathOf(file), overwrite: true);
    }

    /// <inheritdoc/>
    public Task<string> FetchDatasetAsync(string datasetId, CancellationToken cancellationToken)
    {
        string folder = PathOfPrepared(datasetId);
        return Directory.Exists(folder)
            ? Task.FromResult(folder)
            : throw new FileNotFoundException($"Prepared dataset {folder} is not there; start again without --resume in a fresh folder.");
    }

    private string PathOf(string file) => Path.Combine(path, file);

    private sealed class FileLock(FileStream file) : IRunLock
    {
        public CancellationToken Lost => CancellationToken.None;

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
