namespace KeypointPipeline.Local.Engine.Steps;

/// <summary>The steps of one instance that wait or run. <see cref="StepDispatcher"/> guards all but the token.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "The source holds nothing but memory, and steps may hold its token at any time.")]
internal sealed class StepOwner
{
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Cancelled soon after <see cref="HasEnded"/>.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Whether the owner wants no more steps but its clean-up.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Steps that wait, in order.</summary>
    public Queue<StepJob> Waiting { get; } = new();

    /// <summary>Steps that run.</summary>
    public int Running { get; set; }

    /// <summary>Whether it stands in the dispatcher's line.</summary>
    public bool InLine { get; set; }

    /// <summary>Whether its next step may start now.</summary>
    public bool CanStart => Waiting.TryPeek(out StepJob? next) && (!next.IsCleanup || Running == 0);

    /// <summary>Cancels <see cref="Ended"/>.</summary>
    public void Cancel() => _ended.Cancel();
}
