using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Keeps the workflows that wait for their children. Only changes of the <see cref="JournalWriter"/> use it, one after the
/// other.</summary>
internal sealed class WaitingParents
{
    private readonly Dictionary<string, List<(WorkflowRun Parent, int Action)>> _waiting = [];

    /// <summary>Adds an action that waits for the end of a child.</summary>
    public void Add(string child, WorkflowRun parent, int action)
    {
        if (!_waiting.TryGetValue(child, out List<(WorkflowRun Parent, int Action)>? waiting))
            _waiting.Add(child, waiting = []);
        waiting.Add((parent, action));
    }

    /// <summary>Answers all actions that wait for a child that has ended.</summary>
    /// <returns>The answers, to deliver once they are on file.</returns>
    public IReadOnlyList<ChildAnswer> Answer(JournalSession session, string child, InstanceOutcome outcome) =>
        _waiting.Remove(child, out List<(WorkflowRun Parent, int Action)>? waiting)
            ? [.. waiting.Select(wait => Answer(session, wait.Parent, wait.Action, outcome.Name, outcome))]
            : [];

    /// <summary>Answers an action with the outcome of a child.</summary>
    /// <returns>The answer, to deliver once it is on file.</returns>
    public static ChildAnswer Answer(JournalSession session, WorkflowRun parent, int action, string workflow, InstanceOutcome outcome)
    {
        if (outcome.Status == WorkflowRuntimeStatus.Completed)
            return new ChildAnswer(parent, parent.Journal.Append(session, JournalEventKind.ChildCompleted, action, name: null, outcome.Output));

        string reason = outcome.Output is null ? StepFailedException.NoReason : PipelineJson.Read<string>(outcome.Output);
        var error = new RecordedError(workflow, outcome.ErrorType ?? StepFailedException.TerminatedType, reason);
        return new ChildAnswer(parent, parent.Journal.Append(session, JournalEventKind.ChildFailed, action, name: null, PipelineJson.Write(error)));
    }
}

/// <summary>The entry about a child's outcome in its parent's history.</summary>
/// <param name="Parent">The parent.</param>
/// <param name="Entry">The entry; null if the parent has ended.</param>
internal readonly record struct ChildAnswer(WorkflowRun Parent, JournalEvent? Entry)
{
    /// <summary>Passes the entry to the parent's code.</summary>
    public void Deliver() => Parent.Deliver(Entry);
}
