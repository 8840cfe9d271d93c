using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Where a run's files (<see cref="TrainingRunFiles"/>) and its datasets are: a local folder or blobs.</summary>
public interface IRunFolder
{
    /// <summary>Makes sure that no other trainer works on the run, waiting a while for one that is about to be gone.</summary>
    /// <returns>Null where another trainer is alive; else dispose it when done.</returns>
    Task<IRunLock?> TryLockAsync(CancellationToken cancellationToken);

    /// <summary>Whether a file is there.</summary>
    Task<bool> ExistsAsync(string file, CancellationToken cancellationToken);

    /// <summary>A file's content, or null.</summary>
    Task<byte[]?> ReadAsync(string file, CancellationToken cancellationToken);

    /// <summary>Creates or replaces a file: readers see all of the old content or all of the new.</summary>
    Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Brings a prepared dataset to this machine.</summary>
    /// <returns>Its local folder.</returns>
    /// <exception cref="FileNotFoundException">There is no such dataset.</exception>
    Task<string> FetchDatasetAsync(string datasetId, CancellationToken cancellationToken);
}

/// <summary>The right to be a run's only trainer.</summary>
public interface IRunLock : IAsyncDisposable
{
    /// <summary>Cancelled when another trainer has taken the run: write nothing any more.</summary>
    CancellationToken Lost { get; }
}
