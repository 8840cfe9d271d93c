namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>What the code of one instance asked of its context, in order, over all its runs.</summary>
internal sealed class CallRecord(string workflow, string instanceId)
{
    private readonly List<string> _calls = [];

    /// <summary>The instance.</summary>
    public string InstanceId => instanceId;

    /// <summary>Checks a call against the runs before, or adds it where they had not come so far.</summary>
    /// <param name="number">Which call of its run, from 0.</param>
    /// <param name="call">All that it asks for, readable.</param>
    /// <exception cref="ReplayGuardException">A run before asked for something else.</exception>
    public void Check(int number, string call)
    {
        if (number == _calls.Count)
            _calls.Add(call);
        else if (_calls[number] != call)
            throw Different(number, $"is {call}");
    }

    /// <summary>Checks that a run that has ended made all the calls of the runs before.</summary>
    /// <exception cref="ReplayGuardException">It made fewer.</exception>
    public void CheckEnd(int calls)
    {
        if (calls < _calls.Count)
            throw Different(calls, "is not made");
    }

    /// <summary>A replay with the same answers came to another end.</summary>
    public ReplayGuardException DifferentEnd(string before, string now) =>
        new($"Workflow {workflow} ({instanceId}) is not deterministic: it {before}, but in a replay {now}.");

    /// <summary>The code waits for, or went on after, what is not its context's.</summary>
    public ReplayGuardException Stray(int calls) => new(
        $"Workflow {workflow} ({instanceId}) awaits something that is not recorded (such as Task.Delay, Task.Run, I/O or "
        + $"ConfigureAwait(false)), {(calls == 0 ? "before its first call" : $"after call {calls}, {_calls[calls - 1]}")}. "
        + "Workflow code may await only tasks of its IWorkflowContext. Do other work in a step.");

    private ReplayGuardException Different(int number, string now) => new(
        $"Workflow {workflow} ({instanceId}) is not deterministic: call {number + 1} was {_calls[number]}, but in a replay {now}.");
}
