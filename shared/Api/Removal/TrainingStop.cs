using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Api.Removal;

/// <summary>Stops the training that uses rows which are erased. Only one training is planned at a time: the one that holds the
/// turn.</summary>
public sealed class TrainingStop(TrainingSlot slot, TrainingRunStore runs, ITrainerLauncher launcher, TimeProvider time)
{
    private const int LooksAtMost = 60;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>Stops the training if it uses one of the datasets. The host's own clean-up passes its turn on.</summary>
    /// <param name="workflows">Ends the training's instance.</param>
    /// <param name="datasetIds">The datasets that are erased.</param>
    /// <param name="reason">Why, for the person who looks at the instance.</param>
    /// <param name="cancellationToken">Cancels waiting for its end.</param>
    /// <returns>The stopped training; empty if none used the datasets.</returns>
    public async Task<IReadOnlyList<string>> StopAsync(
        IWorkflowClient workflows, IReadOnlyCollection<string> datasetIds, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflows);
        if ((await slot.FindAsync(cancellationToken)).Holder is not string runId
            || await runs.FindRequestAsync(runId, cancellationToken) is not TrainingRequest request
            || !request.DatasetIds.Concat(request.ValidationDatasetIds ?? []).Concat(request.TestDatasetIds ?? []).Intersect(datasetIds, StringComparer.Ordinal).Any()
            || !await StopRunAsync(workflows, runId, reason, cancellationToken))
            return [];
        return [runId];
    }

    /// <summary>Stops a training: its instance, then its trainer. The host's own clean-up passes its turn on.</summary>
    /// <param name="workflows">Ends the training's instance.</param>
    /// <param name="runId">The training.</param>
    /// <param name="reason">Why, for the person who looks at the instance.</param>
    /// <param name="cancellationToken">Cancels waiting for its end.</param>
    /// <returns>False if it does not exist or has ended.</returns>
    public async Task<bool> StopRunAsync(IWorkflowClient workflows, string runId, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflows);
        if (!await workflows.TerminateAsync(runId, reason, cancellationToken))
            return false;

        // A step that is running may still start a trainer, so the trainer is stopped after the instance has ended.
        for (int look = 0; look < LooksAtMost && await workflows.GetAsync(runId, cancellationToken) is { HasEnded: false }; look++)
            await Task.Delay(BetweenLooks, time, cancellationToken);
        await runs.SetStopAsync(runId, stop: true, cancellationToken);
        await launcher.StopAsync(runId, cancellationToken);
        return true;
    }
}
