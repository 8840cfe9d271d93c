namespace KeypointPipeline.Training;

/// <summary>Starts and stops the trainer: a child process on one machine, a Container Apps job in Azure. Only the run's blobs tell
/// whether a training is done.</summary>
public interface ITrainerLauncher
{
    /// <summary>Starts a trainer for a planned run. A second trainer of the same run ends by itself in favour of the first.</summary>
    Task StartAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Ends the trainer of a run, if one is running.</summary>
    Task StopAsync(string runId, CancellationToken cancellationToken);

    /// <summary>What the platform knows about the newest trainer of a run.</summary>
    Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken);
}

/// <summary>What a platform knows about a trainer.</summary>
/// <param name="IsGone">Whether it is known to have ended; false if the platform does not know.</param>
/// <param name="StartPatience">How long the first heartbeat may take after the start.</param>
/// <param name="Place">Where it trains, in words, or why it could not be started there; null if there is only one
/// place.</param>
/// <param name="WasStopped">Whether it was asked to end, so that its end is not a failure.</param>
/// <param name="End">How it ended, in words, for example <c>killed (signal 9, most likely out of memory)</c>; null if it has not ended, no
/// signal ended it, or the platform does not know.</param>
public sealed record TrainerSighting(bool IsGone, TimeSpan StartPatience, string? Place = null, bool WasStopped = false, string? End = null);
