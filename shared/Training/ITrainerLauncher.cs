namespace KeypointPipeline.Training;

/// <summary>Starts and stops the trainer: a child process on one machine, a Container Apps job in Azure. Whether a training is
/// done is never asked here: the run's blobs say so.</summary>
public interface ITrainerLauncher
{
    /// <summary>Starts a trainer for a planned run. A second trainer of the same run gives way to the first by itself.</summary>
    Task StartAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Ends the trainer of a run, if there is one.</summary>
    Task StopAsync(string runId, CancellationToken cancellationToken);

    /// <summary>What the platform knows of the trainer that was started last.</summary>
    Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken);
}

/// <summary>What a platform knows of a trainer.</summary>
/// <param name="IsGone">It is known to be gone; false also where nothing is known.</param>
/// <param name="StartPatience">How long after its start the first heartbeat may take here.</param>
/// <param name="Place">Where it trains, in words for people, or why it could not be started there; null where there is only
/// one place.</param>
/// <param name="WasStopped">It was asked to end, so its being gone is no failure.</param>
public sealed record TrainerSighting(bool IsGone, TimeSpan StartPatience, string? Place = null, bool WasStopped = false);
