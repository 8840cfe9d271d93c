using System.Text.Json;
using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Runs the steps that clean up after terminated instances. The journal keeps each clean-up until it is done.</summary>
/// <param name="catalog">Names each workflow's clean-up step and its retry policy.</param>
/// <param name="dispatcher">Runs the steps.</param>
/// <param name="writer">Records the clean-ups.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives failures.</param>
internal sealed class Cleanups(
    WorkflowCatalog catalog, StepDispatcher dispatcher, JournalWriter writer, TimeProvider time, ILogger logger)
{
    /// <summary>Records the clean-up that a terminated instance needs. Call it within a change.</summary>
    /// <returns>The clean-up, to start once it is on file. Null if the workflow has no clean-up step.</returns>
    public OwedCleanup? Owe(JournalSession session, WorkflowRun run, DateTimeOffset now)
    {
        if (catalog.Workflows.GetValueOrDefault(run.Name)?.OnTerminated is not { } step)
            return null;
        var owed = new OwedCleanup(run.Key, run.Id, run.Input, step, FailedAttempts: 0, now);
        session.SaveCleanup(owed);
        return owed;
    }

    /// <summary>Starts a clean-up once no step runs of the instances that were terminated together.</summary>
    public void Start(OwedCleanup owed, StepOwner owner, IEnumerable<StepOwner> terminated) => dispatcher.AddAfter(CreateJob(owed, owner), terminated);

    /// <summary>Starts a clean-up from before a restart, once it is due.</summary>
    public void Resume(OwedCleanup owed)
    {
        TimeSpan atMost = catalog.Steps.GetValueOrDefault(owed.Step)?.Retry.MaxDelay ?? TimeSpan.Zero;
        dispatcher.AddLater(CreateJob(owed, new StepOwner()), owed.Due, atMost);
    }

    private Job CreateJob(OwedCleanup owed, StepOwner owner) => new(this, owed)
    {
        Name = owed.Step,
        Input = PipelineJson.Write(new TerminatedInstance(owed.InstanceId, owed.Input is string input ? JsonElement.Parse(input) : null)),
        Owner = owner,
    };

    private void Forget(OwedCleanup owed) => writer.Post(session => session.RemoveCleanup(owed.Instance));

    private void Fail(OwedCleanup owed, StepOwner owner, Exception error, bool permanent)
    {
        StepRetry retry = catalog.Steps.GetValueOrDefault(owed.Step)?.Retry ?? StepRetry.None;
        int attempt = owed.FailedAttempts + 1;
        if (permanent || attempt >= retry.MaxAttempts)
        {
            logger.LogError(
                error,
                "Clean-up {Step} after {InstanceId} failed for good in attempt {Attempt}: {Error}",
                owed.Step, owed.InstanceId, attempt, error.Message);
            Forget(owed);
            return;
        }

        TimeSpan delay = retry.DelayAfter(attempt);
        logger.LogWarning(
            error,
            "Clean-up {Step} after {InstanceId} failed in attempt {Attempt}, next in {Delay}: {Error}",
            owed.Step, owed.InstanceId, attempt, delay, error.Message);
        OwedCleanup next = owed with { FailedAttempts = attempt, Due = time.GetUtcNow() + delay };
        writer.Post(
            session => session.SaveCleanup(next),
            () => dispatcher.AddLater(CreateJob(next, owner), next.Due, delay));
    }

    /// <summary>An attempt at a clean-up.</summary>
    private sealed class Job(Cleanups cleanups, OwedCleanup owed) : StepJob
    {
        public override bool IsCleanup => true;

        public override void Completed(string output) => cleanups.Forget(owed);

        public override void Failed(Exception error, bool permanent) => cleanups.Fail(owed, Owner, error, permanent);
    }
}
