using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The step that cleans up after a terminated instance. The journal keeps that it is owed until it is done.</summary>
internal sealed class CleanupJob : StepJob
{
    private readonly EngineParts _parts;
    private readonly OwedCleanup _owed;

    private CleanupJob(EngineParts parts, OwedCleanup owed)
    {
        _parts = parts;
        _owed = owed;
    }

    /// <inheritdoc/>
    public override bool IsCleanup => true;

    /// <summary>Creates the next try of a clean-up.</summary>
    public static CleanupJob Create(EngineParts parts, OwedCleanup owed, StepOwner owner) => new(parts, owed)
    {
        Name = owed.Step,
        Input = PipelineJson.Write(owed.InstanceId),
        Owner = owner,
    };

    /// <inheritdoc/>
    public override void Completed(string output) => _parts.Writer.Post(session => session.RemoveCleanup(_owed.Instance));

    /// <inheritdoc/>
    public override void Failed(Exception error, bool permanent)
    {
        StepRetry retry = _parts.Catalog.Steps.GetValueOrDefault(Name)?.Retry ?? StepRetry.None;
        int attempt = _owed.FailedAttempts + 1;
        if (permanent || attempt >= retry.MaxAttempts)
        {
            _parts.Logger.LogError(
                error, "Clean-up {Step} after {InstanceId} failed for good in try {Attempt}: {Error}", Name, _owed.InstanceId, attempt, error.Message);
            _parts.Writer.Post(session => session.RemoveCleanup(_owed.Instance));
            return;
        }

        TimeSpan delay = retry.DelayAfter(attempt);
        _parts.Logger.LogWarning(
            error, "Clean-up {Step} after {InstanceId} failed in try {Attempt}, next in {Delay}: {Error}", Name, _owed.InstanceId, attempt, delay, error.Message);
        OwedCleanup next = _owed with { FailedAttempts = attempt, Due = _parts.Time.GetUtcNow() + delay };
        _parts.Writer.Post(
            session => session.SaveCleanup(next),
            () => _parts.Timers.Set(next.Due, delay, () => _parts.Dispatcher.Add(Create(_parts, next, Owner))));
    }
}
