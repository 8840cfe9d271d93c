using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>An action that the workflow asked for and waits for.</summary>
internal abstract class PendingAction
{
    /// <summary>Number of the action in the order in which the workflow asked.</summary>
    public required int Number { get; init; }

    /// <summary>Passes the answer to the workflow.</summary>
    public abstract void Resolve(JournalEvent answer);

    /// <summary>Starts the action. It is not called during a replay, or if the answer is already known.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Cancels the action, because its answer is no longer needed.</summary>
    public virtual void CallOff()
    {
    }
}

/// <summary>A call of a step or a child workflow.</summary>
/// <param name="start">Starts the call.</param>
internal sealed class PendingCall<TOutput>(Action start) : PendingAction
{
    private readonly TaskCompletionSource<TOutput> _result = new();

    /// <summary>The task that the workflow awaits.</summary>
    public Task<TOutput> Result => _result.Task;

    /// <inheritdoc/>
    public override void Start() => start();

    /// <inheritdoc/>
    public override void Resolve(JournalEvent answer)
    {
        if (answer.Kind is JournalEventKind.StepCompleted or JournalEventKind.ChildCompleted)
        {
            Complete(answer.Data!);
            return;
        }

        var error = PipelineJson.Read<RecordedError>(answer.Data!);
        _result.SetException(new StepFailedException(error.Name, error.ErrorType, error.Message));
    }

    private void Complete(string json)
    {
        TOutput output;
        try
        {
            output = PipelineJson.Read<TOutput>(json);
        }
        catch (System.Text.Json.JsonException e)
        {
            _result.SetException(e);
            return;
        }

        _result.SetResult(output);
    }
}

/// <summary>A delay, or a wait for an event with a time-out.</summary>
/// <param name="setTimer">Starts the timer; null if it never fires.</param>
/// <param name="onTimer">Called before the workflow learns that the time has passed.</param>
internal sealed class PendingWait(Func<IDisposable>? setTimer, Action<PendingWait>? onTimer = null) : PendingAction
{
    private readonly TaskCompletionSource<string?> _result = new();
    private IDisposable? _timer;

    /// <summary>The task that the workflow awaits. Gives the event's data, or null after the time has passed.</summary>
    public Task<string?> Result => _result.Task;

    /// <inheritdoc/>
    public override void Start() => _timer = setTimer?.Invoke();

    /// <inheritdoc/>
    public override void CallOff() => _timer?.Dispose();

    /// <inheritdoc/>
    public override void Resolve(JournalEvent answer)
    {
        onTimer?.Invoke(this);
        _result.SetResult(null);
    }

    /// <summary>Passes the event to the workflow.</summary>
    public void Raise(string data)
    {
        CallOff();
        _result.SetResult(data);
    }
}
