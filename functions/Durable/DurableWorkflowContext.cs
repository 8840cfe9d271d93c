using System.Text.Json;
using KeypointPipeline.Port;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Durable;

/// <summary>Implements the workflow port on a Durable orchestration.</summary>
/// <param name="orchestration">The orchestration that runs the workflow.</param>
public sealed class DurableWorkflowContext(TaskOrchestrationContext orchestration) : IWorkflowContext
{
    /// <summary>Shortest wait before a retry. Durable refuses zero.</summary>
    private static readonly TimeSpan ShortestRetryWait = TimeSpan.FromMilliseconds(1);

    /// <summary>How much later than due a timer is set. The Azure Storage backend cuts the time until a timer to whole seconds, because
    /// queues know no fractions. So a timer for the due time fires up to a second early, and a timer for the rest of that second fires at
    /// once.</summary>
    private static readonly TimeSpan CutOff = TimeSpan.FromMilliseconds(999);

    private ILogger? _logger;

    /// <inheritdoc/>
    public string InstanceId => orchestration.InstanceId;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => new(DateTime.SpecifyKind(orchestration.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <inheritdoc/>
    public ILogger Logger => _logger ??= orchestration.CreateReplaySafeLogger(LogCategory(orchestration));

    /// <summary>The category of a workflow's log lines.</summary>
    internal static string LogCategory(TaskOrchestrationContext orchestration)
    {
        ArgumentNullException.ThrowIfNull(orchestration);
        return $"KeypointPipeline.Workflows.{orchestration.Name.Name}";
    }

    /// <inheritdoc/>
    public async Task<TOutput> CallStepAsync<TInput, TOutput>(StepRef<TInput, TOutput> step, TInput input)
    {
        ArgumentNullException.ThrowIfNull(step);
        try
        {
            return await orchestration.CallActivityAsync<TOutput>(step.Name, input, RetryOptions(step.Retry));
        }
        catch (TaskFailedException e)
        {
            throw Failure(step.Name, e);
        }
    }

    /// <inheritdoc/>
    public async Task<TOutput> CallWorkflowAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        try
        {
            return await orchestration.CallSubOrchestratorAsync<TOutput>(
                workflow.Name, input, new SubOrchestrationOptions(instanceId: instanceId));
        }
        catch (TaskFailedException e) when (e.FailureDetails is null)
        {
            // Durable passes on no reason.
            throw new StepFailedException(workflow.Name, StepFailedException.TerminatedType, StepFailedException.NoReason);
        }
        catch (TaskFailedException e)
        {
            throw Failure(workflow.Name, e);
        }
    }

    /// <inheritdoc/>
    public async Task DelayAsync(TimeSpan delay)
    {
        DateTime due = orchestration.CurrentUtcDateTime + delay;

        // Histories of earlier versions have several timers for one delay. A replay compares their number and order, not their times.
        do
            await orchestration.CreateTimer(due + CutOff, CancellationToken.None);
        while (orchestration.CurrentUtcDateTime < due);
    }

    /// <inheritdoc/>
    public async Task<string?> WaitForEventAsync(string name, TimeSpan timeout)
    {
        try
        {
            JsonElement data = timeout == Timeout.InfiniteTimeSpan
                ? await orchestration.WaitForExternalEvent<JsonElement>(name)
                : await orchestration.WaitForExternalEvent<JsonElement>(name, timeout);
            return data.ValueKind switch
            {
                JsonValueKind.String => data.GetString(),
                JsonValueKind.Undefined => "",
                _ => data.GetRawText(),
            };
        }
        catch (TaskCanceledException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void SetStatus<T>(T status) => orchestration.SetCustomStatus(status);

    private static TaskOptions? RetryOptions(StepRetry retry)
    {
        if (retry.MaxAttempts == 1)
            return null;
        TimeSpan first = Longer(retry.FirstDelay, ShortestRetryWait);
        return TaskOptions.FromRetryPolicy(new RetryPolicy(
            retry.MaxAttempts, first, retry.Backoff, Longer(retry.MaxDelay, first))
        {
            HandleFailure = failure => !PermanentStepException.IsTypeName(failure.ErrorType),
        });
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static StepFailedException Failure(string name, TaskFailedException e) =>
        new(name, e.FailureDetails.ErrorType, e.FailureDetails.ErrorMessage);
}
