using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Runs the steps that workflows ask for and retries those that fail. The journal counts their attempts and the waits
/// between them.</summary>
/// <param name="dispatcher">Runs the steps.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives failures.</param>
internal sealed class WorkflowSteps(StepDispatcher dispatcher, TimeProvider time, ILogger logger)
{
    /// <summary>Starts a step.</summary>
    /// <param name="run">The workflow that asked for it.</param>
    /// <param name="action">The action that the step answers.</param>
    /// <param name="name">Name of the step.</param>
    /// <param name="input">Input of the step, JSON.</param>
    /// <param name="retry">Retry policy of the step.</param>
    /// <param name="failed">The last failed attempt, if any.</param>
    public void Start(WorkflowRun run, int action, string name, string input, StepRetry retry, FailedAttempt? failed)
    {
        var job = new Job(this, run, action, retry, failed?.Number ?? 0) { Name = name, Input = input, Owner = run.Steps };
        if (failed is null)
            dispatcher.Add(job);
        else
            dispatcher.AddLater(job, failed.Due, retry.DelayAfter(failed.Number));
    }

    private void Fail(Job job, Exception error, bool permanent)
    {
        WorkflowRun run = job.Run;
        int attempt = job.FailedAttempts + 1;
        if (permanent || attempt >= job.Retry.MaxAttempts)
        {
            logger.LogError(
                error, "Step {Step} of {InstanceId} failed for good in attempt {Attempt}: {Error}", job.Name, run.Id, attempt, error.Message);
            var recorded = new RecordedError(job.Name, error.GetType().FullName!, error.Message);
            run.Answer(JournalEventKind.StepFailed, job.Action, PipelineJson.Write(recorded));
            return;
        }

        TimeSpan delay = job.Retry.DelayAfter(attempt);
        logger.LogWarning(
            error,
            "Step {Step} of {InstanceId} failed in attempt {Attempt} of {MaxAttempts}, next in {Delay}: {Error}",
            job.Name, run.Id, attempt, job.Retry.MaxAttempts, delay, error.Message);
        var failed = new FailedAttempt(attempt, time.GetUtcNow() + delay, error.Message);
        run.Journal.Post(
            JournalEventKind.StepAttemptFailed,
            job.Action,
            PipelineJson.Write(failed),
            _ => Start(run, job.Action, job.Name, job.Input, job.Retry, failed));
    }

    /// <summary>An attempt at a step.</summary>
    private sealed class Job(WorkflowSteps steps, WorkflowRun run, int action, StepRetry retry, int failedAttempts) : StepJob
    {
        public WorkflowRun Run => run;

        public int Action => action;

        public StepRetry Retry => retry;

        public int FailedAttempts => failedAttempts;

        public override void Completed(string output) => run.Answer(JournalEventKind.StepCompleted, action, output);

        public override void Failed(Exception error, bool permanent) => steps.Fail(this, error, permanent);
    }
}
