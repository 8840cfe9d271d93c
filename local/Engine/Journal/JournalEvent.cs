namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>What an entry of an instance's history says. The numbers are the file format. Started, completed, failed and
/// terminated are the instance's own row.</summary>
internal enum JournalEventKind
{
    /// <summary>The workflow asked for a step (name).</summary>
    StepScheduled = 1,

    /// <summary>A try of a step failed and another follows (data: <see cref="FailedAttempt"/>). Workflow code does not see it.</summary>
    StepAttemptFailed = 2,

    /// <summary>A step gave its output (data).</summary>
    StepCompleted = 3,

    /// <summary>A step failed for good (data: <see cref="RecordedError"/>).</summary>
    StepFailed = 4,

    /// <summary>The workflow asked for a delay.</summary>
    TimerSet = 5,

    /// <summary>A delay, or the time-out of a wait, has passed.</summary>
    TimerFired = 6,

    /// <summary>The workflow asked for a child (name: its instance id).</summary>
    ChildScheduled = 7,

    /// <summary>A child gave its output (data).</summary>
    ChildCompleted = 8,

    /// <summary>A child failed or was terminated (data: <see cref="RecordedError"/>).</summary>
    ChildFailed = 9,

    /// <summary>The workflow waits for an event (name).</summary>
    EventAwaited = 10,

    /// <summary>An event was raised on the instance (name, data).</summary>
    EventRaised = 11,
}

/// <summary>One entry of an instance's history.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Action">The number of the action, in the order the workflow asked, that it records or answers; null for a raised event.</param>
/// <param name="Time">When, UTC; never earlier than the entry before.</param>
/// <param name="Name">See <see cref="JournalEventKind"/>.</param>
/// <param name="Data">See <see cref="JournalEventKind"/>.</param>
internal sealed record JournalEvent(JournalEventKind Kind, int? Action, DateTimeOffset Time, string? Name, string? Data)
{
    /// <summary>Whether it records that the workflow asked for something, rather than what came back.</summary>
    public bool IsRequest => Kind is JournalEventKind.StepScheduled or JournalEventKind.TimerSet
        or JournalEventKind.ChildScheduled or JournalEventKind.EventAwaited;

    /// <summary>The request as people read it.</summary>
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
/// <param name="Name">The step or the child workflow.</param>
/// <param name="ErrorType">Full type name of the exception.</param>
/// <param name="Message">Its message.</param>
internal sealed record RecordedError(string Name, string ErrorType, string Message);

/// <summary>One failed try of a step.</summary>
/// <param name="Number">Which try, from 1.</param>
/// <param name="Due">When the next try may begin, UTC.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record FailedAttempt(int Number, DateTimeOffset Due, string Error);
