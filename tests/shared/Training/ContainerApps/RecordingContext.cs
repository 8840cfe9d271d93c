using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

/// <summary>Runs a workflow's steps one after the other, through JSON as engines do, on a clock that jumps over every wait. For
/// workflows that do one thing at a time; what engines add (journal, replay) is tested with them.</summary>
internal sealed class RecordingContext(string instanceId, WorkflowCatalog catalog, IServiceProvider services, FakeTimeProvider time)
    : IWorkflowContext
{
    private readonly List<object> _statuses = [];

    public string InstanceId => instanceId;

    public DateTimeOffset UtcNow => time.GetUtcNow();

    public ILogger Logger => NullLogger.Instance;

    /// <summary>Every custom status, in order.</summary>
    public IReadOnlyList<object> Statuses => _statuses;

    public async Task<TOutput> CallStepAsync<TInput, TOutput>(StepRef<TInput, TOutput> step, TInput input)
    {
        StepEntry entry = catalog.Steps[step.Name];
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return PipelineJson.Read<TOutput>(await entry.RunAsync(services, PipelineJson.Write(input), CancellationToken.None));
            }
            catch (Exception e) when (e is PermanentStepException || attempt == entry.Retry.MaxAttempts)
            {
                throw new StepFailedException(step.Name, e.GetType().FullName!, e.Message);
            }
            catch (Exception)
            {
                time.Advance(entry.Retry.DelayAfter(attempt));
            }
        }
    }

    public Task DelayAsync(TimeSpan delay)
    {
        time.Advance(delay);
        return Task.CompletedTask;
    }

    public void SetStatus<T>(T status) => _statuses.Add(status!);

    public Task<TOutput> CallWorkflowAsync<TInput, TOutput>(WorkflowRef<TInput, TOutput> workflow, TInput input, string id) =>
        throw new NotSupportedException("No children here.");

    public Task<string?> WaitForEventAsync(string name, TimeSpan timeout) => throw new NotSupportedException("No events here.");
}
