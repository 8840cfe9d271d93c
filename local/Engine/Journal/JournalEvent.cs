namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Kinds of entries in an instance's history. The numbers are part of the file format. The row of the instance records whether
/// it started, completed, failed or was terminated.</summary>
internal enum JournalEventKind
{
    /// <summary>The workflow asked for a step (name).</summary>
    StepScheduled = 1,

    /// <summary>An attempt at a step failed and another follows (data: <see cref="FailedAttempt"/>). Workflow code does not see it.</summary>
    StepAttemptFailed = 2,

    /// <summary>A step returned its output (data).</summary>
    StepCompleted = 3,

    /// <summary>A step failed for good (data: <see cref="RecordedError"/>).</summary>
    StepFailed = 4,

    /// <summary>The workflow asked for a delay.</summary>
    TimerSet = 5,

    /// <summary>A delay, or the time-out of a wait, has passed.</summary>
    TimerFired = 6,

    /// <summary>The workflow asked for a child (name: its instance id).</summary>
    ChildScheduled = 7,

    /// <summary>A child returned its output (data).</summary>
    ChildCompleted = 8,

    /// <summary>A child failed or was terminated (data: <see cref="RecordedError"/>).</summary>
    ChildFailed = 9,

    /// <summary>The workflow waits for an event (name).</summary>
    EventAwaited = 10,

    /// <summary>An event was raised on the instance (name, data).</summary>
    EventRaised = 11,
}

/// <summary>An entry in an instance's history.</summary>
/// <param name="Kind">Kind of the entry.</param>
/// <param name="Action">Number of the action that the entry records or answers, in the order in which the workflow asked. Null for a raised event.</param>
/// <param name="Time">Time, UTC. It is never earlier than the time of the entry before.</param>
/// <param name="Name">See <see cref="JournalEventKind"/>.</param>
/// <param name="Data">See <see cref="JournalEventKind"/>.</param>
internal sealed record JournalEvent(JournalEventKind Kind, int? Action, DateTimeOffset Time, string? Name, string? Data)
{
    /// <summary>Gets whether the entry is a request of the workflow. Other entries are answers.</summary>
    public bool IsRequest => Kind is JournalEventKind.StepScheduled or JournalEventKind.TimerSet
        or JournalEventKind.ChildScheduled or JournalEventKind.EventAwaited;

    /// <summary>The request, as messages name it.</summary>
    public string Description => Kind switch
    {
        JournalEventKind.StepScheduled => $"step {Name}",
        JournalEventKind.TimerSet => "a delay",
        JournalEventKind.ChildScheduled => $"child workflow {Name}",
        JournalEventKind.EventAwaited => $"a wait for event {Name}",
        _ => Kind.ToString(),
    };
}

/// <summary>How a step or child failed.</summary>
/// <param name="Name">Name of the step or the child workflow.</param>
/// <param name="ErrorType">Full type name of the exception.</param>
/// <param name="Message">Message of the exception.</param>
internal sealed record RecordedError(string Name, string ErrorType, string Message);

/// <summary>A failed attempt at a step.</summary>
/// <param name="Number">Number of the attempt, from 1.</param>
/// <param name="Due">Earliest time of the next attempt, UTC.</param>
/// <param name="Error">Message of the exception.</param>
internal sealed record FailedAttempt(int Number, DateTimeOffset Due, string Error);
