using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>A run's files (<see cref="TrainingRunFiles"/>) and its datasets, in a local folder or in blobs.</summary>
public interface IRunFolder
{
    /// <summary>Ensures that no other trainer works on the run. Waits a while for a trainer that is ending.</summary>
    /// <returns>Null if another trainer works on the run. Otherwise the lock; dispose it when done.</returns>
    Task<IRunLock?> TryLockAsync(CancellationToken cancellationToken);

    /// <summary>Whether a file exists.</summary>
    Task<bool> ExistsAsync(string file, CancellationToken cancellationToken);

    /// <summary>A file's content, or null if it does not exist.</summary>
    Task<byte[]?> ReadAsync(string file, CancellationToken cancellationToken);

    /// <summary>Creates or replaces a file atomically: readers see the old content or the new content.</summary>
    Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Brings a prepared dataset to this machine.</summary>
    /// <returns>Its local folder.</returns>
    /// <exception cref="FileNotFoundException">There is no such dataset.</exception>
    Task<string> FetchDatasetAsync(string datasetId, CancellationToken cancellationToken);
}

/// <summary>The right to be a run's only trainer.</summary>
public interface IRunLock : IAsyncDisposable
{
    /// <summary>Cancelled when another trainer has taken over the run. Nothing may be written after that.</summary>
    CancellationToken Lost { get; }
}
