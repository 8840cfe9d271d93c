namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The synchronisation context of one workflow: its code runs only inside turns, on one thread at a time, and what it
/// awaits resumes in the order of the journal. A continuation from anywhere else means that the code awaited something that
/// is not recorded, such as <c>Task.Delay</c>.</summary>
internal sealed class TurnContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly Action _onStray;
    private int _thread;
    private volatile bool _hasStrayed;

    /// <summary>Creates the context.</summary>
    /// <param name="onStray">Called, on any thread, after a continuation came from outside a turn.</param>
    public TurnContext(Action onStray) => _onStray = onStray;

    /// <summary>Whether a continuation came from outside a turn.</summary>
    public bool HasStrayed => _hasStrayed;

    /// <summary>Whether the caller runs inside a turn.</summary>
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

    /// <summary>Within a turn: runs the workflow's code until it waits.</summary>
    public void RunUntilIdle()
    {
        while (_ready.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
            next.Callback(next.State);
    }

    /// <summary>The workflow's code ran, or is to go on, outside a turn.</summary>
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
