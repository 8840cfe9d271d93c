using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The instances that have not ended, and which workflows wait for them as children. Its state is touched only by changes
/// of the <see cref="JournalWriter"/>, which run one after the other.</summary>
internal sealed class LiveInstances(EngineParts parts)
{
    /// <summary>The <see cref="RecordedError.ErrorType"/> of a child that was terminated.</summary>
    private const string TerminatedErrorType = "Terminated";

    private readonly Dictionary<string, WorkflowRun> _runs = [];
    private readonly Dictionary<string, List<(WorkflowRun Parent, int Action)>> _waiting = [];

    /// <summary>Within a change: takes in an instance that the journal holds.</summary>
    public WorkflowRun Add(InstanceRecord record)
    {
        var run = new WorkflowRun(parts, record);
        _runs.Add(record.Id, run);
        return run;
    }

    /// <summary>Within a change: accepts a new instance.</summary>
    /// <returns>Its run, to be woken when the change is on file; null where one exists under the id.</returns>
    public WorkflowRun? Accept(JournalSession session, string id, string workflow, string input, long? parent)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        return session.InsertInstance(new NewInstance(id, workflow, parent, input, now)) is long key
            ? Add(new InstanceRecord(key, id, workflow, input, now, CustomStatus: null, Events: 0, LastEvent: now))
            : null;
    }

    /// <summary>Within a change: the run of an instance that has not ended.</summary>
    public WorkflowRun? Find(string id) => _runs.GetValueOrDefault(id);

    /// <summary>Starts a child unless it exists, and has its outcome answer the parent's action.</summary>
    public void StartChild(WorkflowRun parent, int action, string workflow, string input, string id)
    {
        WorkflowRun? started = null;
        JournalEvent? answer = null;
        parts.Writer.Post(
            session =>
            {
                if (parent.History.HasEnded)
                    return;
                started = Accept(session, id, workflow, input, parent.Key);
                InstanceOutcome? existing = started is null ? session.FindOutcome(id) : null;
                if (existing is not null && existing.Name != workflow)
                    answer = AnswerWith(session, parent, action, workflow, Mistaken(id, existing.Name, workflow));
                else if (existing is not null && !_runs.ContainsKey(id))
                    answer = AnswerWith(session, parent, action, workflow, existing);
                else
                    Waiting(id).Add((parent, action));
            },
            () =>
            {
                started?.Wake();
                parent.Deliver(answer);
            });
    }

    /// <summary>Records how a run ended, and tells those who wait for it.</summary>
    public void End(WorkflowRun run, InstanceEnd end, string? customStatus)
    {
        List<(WorkflowRun Run, JournalEvent? Answer)> told = [];
        parts.Writer.Post(
            session =>
            {
                if (!run.History.TryEnd())
                    return;
                session.EndInstance(run.Key, end, customStatus, parts.Time.GetUtcNow());
                Leave(session, run.Id, new InstanceOutcome(run.Name, end.Status, end.Output, end.ErrorType), told);
            },
            () =>
            {
                parts.Dispatcher.End(run.Steps);
                Tell(told);
            });
    }

    /// <summary>Terminates an instance and all under it.</summary>
    /// <returns>False where it does not exist or has ended.</returns>
    public Task<bool> TerminateAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        string? reasonJson = reason is null ? null : PipelineJson.Write(reason);
        List<WorkflowRun> ended = [];
        List<(WorkflowRun Run, JournalEvent? Answer)> told = [];
        List<(WorkflowRun Run, OwedCleanup Owed)> cleanups = [];
        return parts.Writer.WriteAsync(
            session =>
            {
                DateTimeOffset now = parts.Time.GetUtcNow();
                foreach (TerminatedInstance terminated in session.Terminate(id, reasonJson, now))
                    ended.Add(_runs[terminated.Id]);
                foreach (WorkflowRun run in ended)
                    run.History.TryEnd();
                foreach (WorkflowRun run in ended)
                {
                    Leave(session, run.Id, new InstanceOutcome(run.Name, WorkflowRuntimeStatus.Terminated, reasonJson, TerminatedErrorType), told);
                    if (parts.Catalog.Workflows.GetValueOrDefault(run.Name)?.OnTerminated is not { } step)
                        continue;
                    var owed = new OwedCleanup(run.Key, run.Id, step, FailedAttempts: 0, now);
                    session.SaveCleanup(owed);
                    cleanups.Add((run, owed));
                }

                return ended.Count > 0;
            },
            _ =>
            {
                foreach (WorkflowRun run in ended)
                {
                    parts.Logger.LogInformation("Workflow {Workflow} {InstanceId} was terminated: {Reason}", run.Name, run.Id, reason);
                    parts.Dispatcher.End(run.Steps);
                    run.Wake();
                }

                Tell(told);
                foreach ((WorkflowRun run, OwedCleanup owed) in cleanups)
                    parts.Dispatcher.Add(CleanupJob.Create(parts, owed, run.Steps));
            },
            cancellationToken);
    }

    private void Leave(JournalSession session, string id, InstanceOutcome outcome, List<(WorkflowRun Run, JournalEvent? Answer)> told)
    {
        _runs.Remove(id);
        if (!_waiting.Remove(id, out List<(WorkflowRun Parent, int Action)>? waiting))
            return;
        foreach ((WorkflowRun parent, int action) in waiting)
            told.Add((parent, AnswerWith(session, parent, action, outcome.Name, outcome)));
    }

    private static void Tell(List<(WorkflowRun Run, JournalEvent? Answer)> told)
    {
        foreach ((WorkflowRun run, JournalEvent? answer) in told)
            run.Deliver(answer);
    }

    private static JournalEvent? AnswerWith(
        JournalSession session, WorkflowRun parent, int action, string workflow, InstanceOutcome outcome)
    {
        if (outcome.Status == WorkflowRuntimeStatus.Completed)
            return parent.History.Append(session, JournalEventKind.ChildCompleted, action, name: null, outcome.Output);

        string reason = outcome.Output is null ? "it was terminated" : PipelineJson.Read<string>(outcome.Output);
        var error = new RecordedError(workflow, outcome.ErrorType ?? TerminatedErrorType, reason);
        return parent.History.Append(session, JournalEventKind.ChildFailed, action, name: null, PipelineJson.Write(error));
    }

    private static InstanceOutcome Mistaken(string id, string actual, string expected) => new(
        expected,
        WorkflowRuntimeStatus.Failed,
        PipelineJson.Write($"Instance {id} exists and is a {actual}, not a {expected}."),
        typeof(InvalidOperationException).FullName);

    private List<(WorkflowRun Parent, int Action)> Waiting(string id)
    {
        if (!_waiting.TryGetValue(id, out List<(WorkflowRun Parent, int Action)>? waiting))
            _waiting.Add(id, waiting = []);
        return waiting;
    }
}
