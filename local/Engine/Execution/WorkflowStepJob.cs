using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>A step that a workflow asked for. Its tries are counted in the journal, and so are the waits between them.</summary>
internal sealed class WorkflowStepJob(EngineParts parts, WorkflowRun run, int action, StepRetry retry, int failedAttempts) : StepJob
{
    /// <inheritdoc/>
    public override void Completed(string output) => run.Answer(JournalEventKind.StepCompleted, action, output);

    /// <inheritdoc/>
    public override void Failed(Exception error, bool permanent)
    {
        int attempt = failedAttempts + 1;
        if (permanent || attempt >= retry.MaxAttempts)
        {
            parts.Logger.LogError(error, "Step {Step} of {InstanceId} failed for good in try {Attempt}: {Error}", Name, run.Id, attempt, error.Message);
            var recorded = new RecordedError(Name, error.GetType().FullName!, error.Message);
            run.Answer(JournalEventKind.StepFailed, action, PipelineJson.Write(recorded));
            return;
        }

        TimeSpan delay = retry.DelayAfter(attempt);
        parts.Logger.LogWarning(
            error, "Step {Step} of {InstanceId} failed in try {Attempt} of {MaxAttempts}, next in {Delay}: {Error}", Name, run.Id, attempt, retry.MaxAttempts, delay, error.Message);
        var failed = new FailedAttempt(attempt, parts.Time.GetUtcNow() + delay, error.Message);
        parts.Writer.Post(
            session => run.History.Append(session, JournalEventKind.StepAttemptFailed, action, name: null, PipelineJson.Write(failed)),
            () => parts.Timers.Set(failed.Due, delay, () => parts.Dispatcher.Add(Next(attempt))));
    }

    private WorkflowStepJob Next(int failedSoFar) => new(parts, run, action, retry, failedSoFar)
    {
        Name = Name,
        Input = Input,
        Owner = Owner,
    };
}
