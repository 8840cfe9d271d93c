namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>Runs a workflow's code in turns inside the engine's own: on the engine's thread, under a synchronisation context of
/// the guard's, so that a continuation from anywhere else is seen whatever the engine makes of it.</summary>
internal sealed class GuardedTurns : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private SynchronizationContext? _engine;
    private volatile int _thread;
    private volatile bool _hasStrayed;

    /// <summary>Whether code went on, or called its context, outside a turn.</summary>
    public bool HasStrayed => _hasStrayed;

    /// <summary>Runs a turn until the code waits.</summary>
    public void Run(Action turn)
    {
        _engine = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            turn();
            while (_ready.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
                next.Callback(next.State);
        }
        finally
        {
            _thread = 0;
            SetSynchronizationContext(_engine);
        }
    }

    /// <summary>Within a turn: calls the engine as if there were no guard, so that what it awaits itself resumes with it.</summary>
    public T AskEngine<T>(Func<T> call)
    {
        SetSynchronizationContext(_engine);
        try
        {
            return call();
        }
        finally
        {
            SetSynchronizationContext(this);
        }
    }

    /// <summary>Notes a caller outside a turn.</summary>
    /// <returns>Whether the caller is inside one.</returns>
    public bool CheckTurn()
    {
        if (_thread == Environment.CurrentManagedThreadId)
            return true;
        _hasStrayed = true;
        return false;
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (CheckTurn())
            _ready.Enqueue((d, state));
        else
            _engine?.Post(static _ => { }, null); // an engine that watches for strays wakes up
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Workflow code must not block on its context.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
