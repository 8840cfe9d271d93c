using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker.Shims;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>One orchestration on Durable's own replay, with timers as the Azure Storage backend sets them: the time until a timer is cut to
/// whole seconds. Its clock moves only with timers and messages.</summary>
internal sealed class CuttingBackend
{
    private const string Name = "looks";

    /// <summary>How long a message is on its way.</summary>
    private static readonly TimeSpan Transit = TimeSpan.FromMilliseconds(35);

    private readonly List<HistoryEvent> _history = [];
    private readonly List<HistoryEvent> _messages =
    [
        new ExecutionStartedEvent(-1, "\"\"")
        {
            Name = Name,
            Version = "1",
            OrchestrationInstance = new OrchestrationInstance { InstanceId = "id", ExecutionId = "execution" },
        },
    ];

    private DateTime _now = new(2026, 11, 27, 6, 0, 0, 123, DateTimeKind.Utc);

    /// <summary>Timers set so far.</summary>
    public int Timers { get; private set; }

    /// <summary>Runs the orchestration until it ends.</summary>
    /// <param name="code">Its code; other code than before stands for an update of the app.</param>
    /// <param name="atMost">How many replays to run.</param>
    /// <returns>How it ended, and its output or error; null if it has not ended.</returns>
    public (OrchestrationStatus Status, string Output)? Run(Func<TaskOrchestrationContext, Task<string>> code, int atMost)
    {
        for (int replays = 0; replays < atMost; replays++)
        {
            foreach (OrchestratorAction action in Replay(code))
            {
                if (action is OrchestrationCompleteOrchestratorAction end)
                    return (end.OrchestrationStatus, end.FailureDetails?.ErrorMessage ?? end.Result ?? "");
                _now += Transit;
                Answer(action);
            }
        }

        return null;
    }

    private IEnumerable<OrchestratorAction> Replay(Func<TaskOrchestrationContext, Task<string>> code)
    {
        var state = new OrchestrationRuntimeState([.. _history]);
        List<HistoryEvent> news = [new OrchestratorStartedEvent(-1) { Timestamp = _now }, .. _messages];
        _messages.Clear();
        foreach (HistoryEvent entry in news)
            state.AddEvent(entry);
        _history.AddRange(news);
        TaskOrchestration orchestration = DurableTaskShimFactory.Default.CreateOrchestration<string, string>(
            Name, async (context, _) => await code(context));
        return new TaskOrchestrationExecutor(
            state, orchestration, BehaviorOnContinueAsNew.Carryover, ErrorPropagationMode.UseFailureDetails).Execute().Actions;
    }

    private void Answer(OrchestratorAction action)
    {
        switch (action)
        {
            case CreateTimerOrchestratorAction timer:
                Timers++;
                _history.Add(new TimerCreatedEvent(timer.Id, timer.FireAt));
                _now += TimeSpan.FromSeconds(Math.Max(0, Math.Floor((timer.FireAt - _now).TotalSeconds)));
                _messages.Add(new TimerFiredEvent(-1, timer.FireAt) { TimerId = timer.Id });
                break;
            case ScheduleTaskOrchestratorAction step:
                _history.Add(new TaskScheduledEvent(step.Id, step.Name!, step.Version, step.Input));
                _messages.Add(new TaskCompletedEvent(-1, step.Id, "true"));
                break;
            default:
                throw new NotSupportedException($"No answer to {action.GetType().Name}.");
        }
    }
}
