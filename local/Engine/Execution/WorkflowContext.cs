using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The context of a workflow's code. Keeps the actions that the code asked for, in order, and those that it waits for.
/// Only turns use it.</summary>
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

    /// <summary>Creates the context of an instance whose code has not run yet.</summary>
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

    /// <summary>The newest custom status, JSON.</summary>
    public string? Status { get; private set; }

    /// <summary>The rule that the code broke; null if there is none.</summary>
    public WorkflowRuleException? Violation { get; private set; }

    /// <summary>Gets whether the code waits for a recorded action.</summary>
    public bool IsWaiting => _pending.Count > 0;

    private bool IsReplaying => _history.HasAnswers || _history.RequestOf(_actions) is not null;

    /// <summary>Sets the journal's entries to replay. Call it before the code first runs.</summary>
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

    /// <summary>Passes an answer to the code if the code waits for it.</summary>
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

        // The action is not pending if its time-out was recorded just after its event.
        if (_pending.Remove(number, out PendingAction? action))
            action.Resolve(answer);
    }

    /// <summary>Takes the next answer in the journal. Returns null if none remains.</summary>
    public JournalEvent? NextRecordedAnswer() => _history.HasAnswers ? _history.NextAnswer() : null;

    /// <summary>Checks that the code has made all requests in the journal. Call it once no answer remains or the code has ended.</summary>
    /// <exception cref="WorkflowRuleException">A recorded request is missing.</exception>
    public void CheckReplayIsComplete()
    {
        if (_history.RequestOf(_actions) is { } missing)
            throw WorkflowRuleException.Mismatch(_actions, missing.Description, "does not ask for it");
        _history = new RecordedHistory([]);
    }

    /// <summary>Takes the requests since the last call, to record them.</summary>
    public IReadOnlyList<JournalEvent> TakeNewRequests()
    {
        JournalEvent[] requests = [.. _newRequests];
        _newRequests.Clear();
        return requests;
    }

    /// <summary>Starts the actions that were asked for since the last call and have no answer.</summary>
    public void StartActions()
    {
        foreach (PendingAction action in _unstarted)
        {
            if (_pending.ContainsKey(action.Number))
                action.Start();
        }

        _unstarted.Clear();
    }

    /// <summary>Cancels all pending actions.</summary>
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
            // The violation is also kept, because the code may catch this exception.
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
