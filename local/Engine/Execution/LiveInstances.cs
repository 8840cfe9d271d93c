using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The instances that have not ended: starts them, ends them and finds them. Only changes of the
/// <see cref="JournalWriter"/>, which run one after the other, touch its state.</summary>
/// <param name="runs">Creates their runs.</param>
/// <param name="writer">Records their starts and ends.</param>
/// <param name="dispatcher">Runs their steps.</param>
/// <param name="cleanups">Cleans up after those that are terminated.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where terminations are logged.</param>
internal sealed class LiveInstances(
    WorkflowRunFactory runs, JournalWriter writer, StepDispatcher dispatcher, Cleanups cleanups, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, WorkflowRun> _runs = [];
    private readonly WaitingParents _parents = new();

    /// <summary>Takes in instances that the journal holds, and runs them.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ResumeAsync(Func<IEnumerable<InstanceRecord>> read, CancellationToken cancellationToken)
    {
        List<WorkflowRun> resumed = await writer.WriteAsync(_ => read().Select(Add).ToList(), committed: null, cancellationToken);
        foreach (WorkflowRun run in resumed)
            run.Wake();
        return resumed.Count;
    }

    /// <summary>Starts an instance.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="workflow">Its workflow.</param>
    /// <param name="input">Its input, JSON.</param>
    /// <param name="triggerKey">The trigger that starts it, if any. A trigger starts nothing the second time.</param>
    /// <param name="cancellationToken">Stops waiting; the start may have happened.</param>
    /// <returns>False if an instance exists under the id, or if the trigger was seen before.</returns>
    public async Task<bool> StartAsync(string id, string workflow, string input, string? triggerKey, CancellationToken cancellationToken) =>
        await writer.WriteAsync(
            session => triggerKey is null || session.InsertTrigger(triggerKey, id, time.GetUtcNow())
                ? Accept(session, id, workflow, input, parent: null)
                : null,
            run => run?.Wake(),
            cancellationToken) is not null;

    /// <summary>Records an event and hands it to the instance.</summary>
    /// <returns>False if the instance does not exist or has ended.</returns>
    public async Task<bool> RaiseEventAsync(string id, string name, string data, CancellationToken cancellationToken)
    {
        WorkflowRun? run = null;
        return await writer.WriteAsync(
            session =>
            {
                run = _runs.GetValueOrDefault(id);
                return run?.Journal.Append(session, JournalEventKind.EventRaised, action: null, name, data);
            },
            answer => run?.Deliver(answer),
            cancellationToken) is not null;
    }

    /// <summary>Starts a child unless it exists. Its outcome answers the parent's action.</summary>
    public void StartChild(WorkflowRun parent, int action, string workflow, string input, string id)
    {
        WorkflowRun? started = null;
        ChildAnswer? answer = null;
        writer.Post(
            session =>
            {
                if (parent.Journal.HasEnded)
                    return;
                started = Accept(session, id, workflow, input, parent.Key);
                InstanceOutcome? existing = started is null ? session.FindOutcome(id) : null;
                if (existing is not null && existing.Name != workflow)
                    answer = WaitingParents.Answer(session, parent, action, workflow, Mistaken(id, existing.Name, workflow));
                else if (existing is not null && !_runs.ContainsKey(id))
                    answer = WaitingParents.Answer(session, parent, action, workflow, existing);
                else
                    _parents.Add(id, parent, action);
            },
            () =>
            {
                started?.Wake();
                answer?.Deliver();
            });
    }

    /// <summary>Records how a run ended, and answers the parents that wait for it.</summary>
    public void End(WorkflowRun run, InstanceEnd end, string? customStatus)
    {
        IReadOnlyList<ChildAnswer> answers = [];
        writer.Post(
            session =>
            {
                if (!run.Journal.TryEnd())
                    return;
                session.EndInstance(run.Key, end, customStatus, time.GetUtcNow());
                answers = Leave(session, run.Id, new InstanceOutcome(run.Name, end.Status, end.Output, end.ErrorType));
            },
            () =>
            {
                dispatcher.End(run.Steps);
                Deliver(answers);
            });
    }

    /// <summary>Terminates an instance and all under it.</summary>
    /// <returns>False if it does not exist or has ended.</returns>
    public Task<bool> TerminateAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        string? reasonJson = reason is null ? null : PipelineJson.Write(reason);
        List<WorkflowRun> ended = [];
        List<ChildAnswer> answers = [];
        List<(WorkflowRun Run, OwedCleanup Owed)> owedCleanups = [];
        return writer.WriteAsync(
            session =>
            {
                DateTimeOffset now = time.GetUtcNow();
                foreach (TerminatedInstance terminated in session.Terminate(id, reasonJson, now))
                    ended.Add(_runs[terminated.Id]);
                foreach (WorkflowRun run in ended)
                    run.Journal.TryEnd();
                foreach (WorkflowRun run in ended)
                {
                    var outcome = new InstanceOutcome(run.Name, WorkflowRuntimeStatus.Terminated, reasonJson, WaitingParents.TerminatedErrorType);
                    answers.AddRange(Leave(session, run.Id, outcome));
                    if (cleanups.Owe(session, run, now) is { } owed)
                        owedCleanups.Add((run, owed));
                }

                return ended.Count > 0;
            },
            _ =>
            {
                foreach (WorkflowRun run in ended)
                {
                    logger.LogInformation("Workflow {Workflow} {InstanceId} was terminated: {Reason}", run.Name, run.Id, reason);
                    dispatcher.End(run.Steps);
                    run.Wake();
                }

                Deliver(answers);
                foreach ((WorkflowRun run, OwedCleanup owed) in owedCleanups)
                    cleanups.Start(owed, run.Steps);
            },
            cancellationToken);
    }

    private WorkflowRun Add(InstanceRecord record)
    {
        WorkflowRun run = runs.Create(record, this);
        _runs.Add(record.Id, run);
        return run;
    }

    /// <summary>Accepts a new instance.</summary>
    /// <returns>Its run, to be woken once the change is on file; null if an instance exists under the id.</returns>
    private WorkflowRun? Accept(JournalSession session, string id, string workflow, string input, long? parent)
    {
        DateTimeOffset now = time.GetUtcNow();
        return session.InsertInstance(new NewInstance(id, workflow, parent, input, now)) is long key
            ? Add(new InstanceRecord(key, id, workflow, input, now, CustomStatus: null, Events: 0, LastEvent: now))
            : null;
    }

    private IReadOnlyList<ChildAnswer> Leave(JournalSession session, string id, InstanceOutcome outcome)
    {
        _runs.Remove(id);
        return _parents.Answer(session, id, outcome);
    }

    private static void Deliver(IReadOnlyList<ChildAnswer> answers)
    {
        foreach (ChildAnswer answer in answers)
            answer.Deliver();
    }

    private static InstanceOutcome Mistaken(string id, string actual, string expected) => new(
        expected,
        WorkflowRuntimeStatus.Failed,
        PipelineJson.Write($"Instance {id} exists and is a {actual}, not a {expected}."),
        typeof(InvalidOperationException).FullName);
}
