namespace KeypointPipeline.Training;

/// <summary>Starts and stops the trainer: a child process on one machine, a Container Apps job in Azure. Whether a training is
/// done is never asked here: the run's blobs say so.</summary>
public interface ITrainerLauncher
{
    /// <summary>Starts a trainer for a planned run. A second trainer of the same run gives way to the first by itself.</summary>
    Task StartAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Ends the trainer of a run, if there is one.</summary>
    Task StopAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Whether the trainer that was started last is known to be gone; false also where nothing is known.</summary>
    Task<bool> IsGoneAsync(string runId, CancellationToken cancellationToken);
}
