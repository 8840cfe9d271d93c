namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The synchronisation context of a workflow. Its code runs only inside turns, on one thread at a time, and resumes in the
/// order of the journal. A continuation from elsewhere means that the code awaited something that is not recorded, for example
/// <c>Task.Delay</c>.</summary>
internal sealed class TurnContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly Action _onStray;
    private int _thread;
    private volatile bool _hasStrayed;

    /// <summary>Creates the context.</summary>
    /// <param name="onStray">Called on any thread after a continuation came from outside a turn.</param>
    public TurnContext(Action onStray) => _onStray = onStray;

    /// <summary>Gets whether a continuation came from outside a turn.</summary>
    public bool HasStrayed => _hasStrayed;

    /// <summary>Gets whether the caller runs inside a turn.</summary>
    public bool IsInTurn => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Runs a turn on this thread.</summary>
    public void Run(Action turn)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        try
        {
            turn();
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs the workflow's code until it waits. Call it within a turn.</summary>
    public void RunUntilIdle()
    {
        while (_ready.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
            next.Callback(next.State);
    }

    /// <summary>Reports that the workflow's code ran outside a turn, or would continue there.</summary>
    public void Stray()
    {
        _hasStrayed = true;
        _onStray();
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsInTurn)
            _ready.Enqueue((d, state));
        else
            Stray();
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Workflow code must not block on its context.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
