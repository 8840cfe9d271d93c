using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Starts, ends and finds the instances that have not ended. Only changes of the <see cref="JournalWriter"/> touch its state.
/// They run one after the other.</summary>
/// <param name="runs">Creates the runs of instances.</param>
/// <param name="writer">Records starts and ends.</param>
/// <param name="dispatcher">Runs the steps.</param>
/// <param name="cleanups">Cleans up after terminated instances.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives terminations.</param>
internal sealed class LiveInstances(
    WorkflowRunFactory runs, JournalWriter writer, StepDispatcher dispatcher, Cleanups cleanups, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, WorkflowRun> _runs = [];
    private readonly WaitingParents _parents = new();

    /// <summary>Adds instances from the journal and runs them.</summary>
    /// <returns>The number of instances.</returns>
    public async Task<int> ResumeAsync(Func<IEnumerable<InstanceRecord>> read, CancellationToken cancellationToken)
    {
        List<WorkflowRun> resumed = await writer.WriteAsync(_ => read().Select(Add).ToList(), committed: null, cancellationToken);
        foreach (WorkflowRun run in resumed)
            run.Wake();
        return resumed.Count;
    }

    /// <summary>Starts an instance.</summary>
    /// <param name="id">Id of the instance.</param>
    /// <param name="workflow">Name of the workflow.</param>
    /// <param name="input">Input, JSON.</param>
    /// <param name="cancellationToken">Cancels the wait. The start may still have happened.</param>
    /// <returns>False if an instance with this id exists.</returns>
    public async Task<bool> StartAsync(string id, string workflow, string input, CancellationToken cancellationToken) =>
        await writer.WriteAsync(
            session => Accept(session, id, workflow, input, parent: null), run => run?.Wake(), cancellationToken) is not null;

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

    /// <summary>Starts a child unless it exists. The outcome of the child answers the parent's action.</summary>
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

    /// <summary>Terminates an instance and all its descendants.</summary>
    /// <returns>False if the instance does not exist or has ended.</returns>
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
                foreach (TerminatedRow terminated in session.Terminate(id, reasonJson, now))
                    ended.Add(_runs[terminated.Id]);
                foreach (WorkflowRun run in ended)
                    run.Journal.TryEnd();
                foreach (WorkflowRun run in ended)
                {
                    var outcome = new InstanceOutcome(run.Name, WorkflowRuntimeStatus.Terminated, reasonJson, StepFailedException.TerminatedType);
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
                    cleanups.Start(owed, run.Steps, ended.Select(other => other.Steps));
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
    /// <returns>The run of the instance, to wake once the change is on file. Null if an instance with this id exists.</returns>
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
