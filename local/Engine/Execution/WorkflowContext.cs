using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>What one workflow's code sees, and where it stands: the actions it asked for, in order, and those it waits for.
/// Used only within turns.</summary>
internal sealed class WorkflowContext : IWorkflowContext
{
    private readonly TurnContext _turns;
    private readonly IActionStarter _starter;
    private readonly Dictionary<int, PendingAction> _pending = [];
    private readonly List<PendingAction> _unstarted = [];
    private readonly List<JournalEvent> _newRequests = [];
    private readonly AwaitedEvents _events = new();
    private RecordedHistory _history = new([]);
    private int _actions;

    /// <summary>Creates the context of an instance that has done nothing yet.</summary>
    public WorkflowContext(string instanceId, DateTimeOffset created, TurnContext turns, IActionStarter starter, ILogger logger)
    {
        InstanceId = instanceId;
        UtcNow = created;
        _turns = turns;
        _starter = starter;
        Logger = new ReplaySafeLogger(logger, () => IsReplaying);
    }

    /// <inheritdoc/>
    public string InstanceId { get; }

    /// <inheritdoc/>
    public DateTimeOffset UtcNow { get; private set; }

    /// <inheritdoc/>
    public ILogger Logger { get; }

    /// <summary>The custom status set last, JSON.</summary>
    public string? Status { get; private set; }

    /// <summary>What the code did that it must not, if anything.</summary>
    public WorkflowRuleException? Violation { get; private set; }

    /// <summary>Whether the code waits for anything recorded.</summary>
    public bool IsWaiting => _pending.Count > 0;

    private bool IsReplaying => _history.HasAnswers || _history.RequestOf(_actions) is not null;

    /// <summary>Takes over what the journal holds; before the code first runs.</summary>
    public void Replay(RecordedHistory history) => _history = history;

    /// <inheritdoc/>
    public Task<TOutput> CallStepAsync<TInput, TOutput>(StepRef<TInput, TOutput> step, TInput input)
    {
        ArgumentNullException.ThrowIfNull(step);
        string json = PipelineJson.Write(input);
        int number = NextAction(JournalEventKind.StepScheduled, step.Name);
        FailedAttempt? failed = _history.FailedAttemptOf(number);
        var call = new PendingCall<TOutput>(() => _starter.StartStep(number, step.Name, json, step.Retry, failed)) { Number = number };
        Await(call);
        return call.Result;
    }

    /// <inheritdoc/>
    public Task<TOutput> CallWorkflowAsync<TInput, TOutput>(WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (instanceId == InstanceId)
            throw new ArgumentException($"Instance {instanceId} cannot be its own child.", nameof(instanceId));
        string json = PipelineJson.Write(input);
        int number = NextAction(JournalEventKind.ChildScheduled, instanceId);
        var call = new PendingCall<TOutput>(() => _starter.StartChild(number, workflow.Name, json, instanceId)) { Number = number };
        Await(call);
        return call.Result;
    }

    /// <inheritdoc/>
    public Task DelayAsync(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        int number = NextAction(JournalEventKind.TimerSet, name: null);
        var wait = new PendingWait(Timer(number, delay)) { Number = number };
        Await(wait);
        return wait.Result;
    }

    /// <inheritdoc/>
    public Task<string?> WaitForEventAsync(string name, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (timeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        int number = NextAction(JournalEventKind.EventAwaited, name);
        if (_events.TryTakeKept(name, out string? kept))
            return Task.FromResult<string?>(kept);
        var wait = new PendingWait(
            timeout == Timeout.InfiniteTimeSpan ? null : Timer(number, timeout), late => _events.Remove(name, late))
        { Number = number };
        _events.Add(name, wait);
        Await(wait);
        return wait.Result;
    }

    /// <inheritdoc/>
    public void SetStatus<T>(T status)
    {
        ThrowIfOutsideTurn();
        Status = PipelineJson.Write(status);
    }

    /// <summary>Hands an answer to the code, as far as it waits for it.</summary>
    public void Apply(JournalEvent answer)
    {
        UtcNow = answer.Time;
        if (answer.Kind == JournalEventKind.EventRaised)
        {
            if (_events.TakeWaitOrKeep(answer.Name!, answer.Data!) is { } wait)
            {
                _pending.Remove(wait.Number);
                wait.Raise(answer.Data!);
            }

            return;
        }

        int number = answer.Action!.Value;
        if (number >= _actions)
            throw WorkflowRuleException.Mismatch(number, Describe(number), "does not ask for it");

        // Not pending: a time-out that was recorded just after its event.
        if (_pending.Remove(number, out PendingAction? action))
            action.Resolve(answer);
    }

    /// <summary>The next answer in the journal, or null when all were handed over.</summary>
    public JournalEvent? NextRecordedAnswer() => _history.HasAnswers ? _history.NextAnswer() : null;

    /// <summary>Checks that the code has asked for all the journal holds; once all answers were handed over or the code has ended.</summary>
    /// <exception cref="WorkflowRuleException">It has not.</exception>
    public void CheckReplayIsComplete()
    {
        if (_history.RequestOf(_actions) is { } missing)
            throw WorkflowRuleException.Mismatch(_actions, missing.Description, "does not ask for it");
        _history = new RecordedHistory([]);
    }

    /// <summary>What the code asked for since the last call, to be recorded.</summary>
    public IReadOnlyList<JournalEvent> TakeNewRequests()
    {
        JournalEvent[] requests = [.. _newRequests];
        _newRequests.Clear();
        return requests;
    }

    /// <summary>Sets going what was asked for since the last call and has no answer.</summary>
    public void StartActions()
    {
        foreach (PendingAction action in _unstarted)
        {
            if (_pending.ContainsKey(action.Number))
                action.Start();
        }

        _unstarted.Clear();
    }

    /// <summary>Nothing is wanted any more.</summary>
    public void CallOff()
    {
        foreach (PendingAction action in _pending.Values)
            action.CallOff();
        _pending.Clear();
    }

    private Func<IDisposable> Timer(int number, TimeSpan delay)
    {
        DateTimeOffset due = delay < DateTimeOffset.MaxValue - UtcNow ? UtcNow + delay : DateTimeOffset.MaxValue;
        return () => _starter.StartTimer(number, due, delay);
    }

    private int NextAction(JournalEventKind kind, string? name)
    {
        ThrowIfOutsideTurn();
        int number = _actions++;
        var asked = new JournalEvent(kind, number, UtcNow, name, Data: null);
        JournalEvent? recorded = _history.RequestOf(number);
        if (recorded is null)
        {
            _newRequests.Add(asked);
        }
        else if (recorded.Kind != kind || recorded.Name != name)
        {
            // Kept, too: the code may catch what is thrown here.
            Violation ??= WorkflowRuleException.Mismatch(number, recorded.Description, $"asks for {asked.Description}");
            throw Violation;
        }

        return number;
    }

    private void Await(PendingAction action)
    {
        _pending.Add(action.Number, action);
        _unstarted.Add(action);
    }

    private string Describe(int number) => _history.RequestOf(number)?.Description ?? "an answer";

    private void ThrowIfOutsideTurn()
    {
        if (!_turns.IsInTurn)
        {
            _turns.Stray();
            throw WorkflowRuleException.Stray();
        }
    }
}
