namespace KeypointPipeline.Local.Engine.Steps;

/// <summary>The waiting and running steps of an instance. <see cref="StepDispatcher"/> guards all members except the token.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "The source holds nothing but memory, and steps may hold its token at any time.")]
internal sealed class StepOwner
{
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Cancelled soon after <see cref="HasEnded"/>.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Whether the owner has ended. It then runs no more steps except its clean-up.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The waiting steps, in order.</summary>
    public Queue<StepJob> Waiting { get; } = new();

    /// <summary>Number of running steps.</summary>
    public int Running { get; set; }

    /// <summary>Whether the owner is in the dispatcher's line.</summary>
    public bool InLine { get; set; }

    /// <summary>The owners whose running steps must return before this one's clean-up: the descendants that ended with it.</summary>
    public List<StepOwner> CleansUpAfter { get; } = [];

    /// <summary>The owners whose clean-up waits for this one's running steps.</summary>
    public List<StepOwner> AwaitedBy { get; } = [];

    /// <summary>Gets whether the next step may start now.</summary>
    public bool CanStart => Waiting.TryPeek(out StepJob? next) && (!next.IsCleanup || (Running == 0 && CleansUpAfter.TrueForAll(other => other.Running == 0)));

    /// <summary>Cancels <see cref="Ended"/>.</summary>
    public void Cancel() => _ended.Cancel();
}
