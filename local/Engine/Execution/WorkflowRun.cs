using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>One instance under way. Answers that are on file wait in its inbox; turns hand them to the workflow's code one by one,
/// letting it run until it waits again in between, so that a replay goes exactly as the first run did.</summary>
internal sealed class WorkflowRun : IThreadPoolWorkItem
{
    private readonly InstanceRecord _record;
    private readonly WorkflowCode _workflows;
    private readonly LiveInstances _instances;
    private readonly ILogger _logger;
    private readonly Action<Exception> _onFault;
    private readonly TurnContext _turns;
    private readonly WorkflowContext _context;
    private readonly Lock _gate = new();
    private readonly Queue<JournalEvent> _inbox = new();
    private Task<string>? _code;
    private bool _isOver;
    private bool _isScheduled;

    /// <summary>Creates the run of an instance that is in the journal; <see cref="Wake"/> begins it.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="journal">Its part of the journal.</param>
    /// <param name="workflows">The workflows' code.</param>
    /// <param name="starter">Creates what starts the run's actions.</param>
    /// <param name="instances">Where its end is recorded.</param>
    /// <param name="logger">Where the workflow logs.</param>
    /// <param name="onFault">Called when the journal cannot be read.</param>
    public WorkflowRun(
        InstanceRecord record,
        InstanceJournal journal,
        WorkflowCode workflows,
        Func<WorkflowRun, IActionStarter> starter,
        LiveInstances instances,
        ILogger logger,
        Action<Exception> onFault)
    {
        _record = record;
        Journal = journal;
        _workflows = workflows;
        _instances = instances;
        _logger = logger;
        _onFault = onFault;
        _turns = new TurnContext(Wake);
        _context = new WorkflowContext(record.Id, record.Created, _turns, starter(this), logger);
    }

    /// <summary>Its id.</summary>
    public string Id => _record.Id;

    /// <summary>The journal's key of it.</summary>
    public long Key => _record.Key;

    /// <summary>Its workflow.</summary>
    public string Name => _record.Name;

    /// <summary>Its part of the journal.</summary>
    public InstanceJournal Journal { get; }

    /// <summary>Its steps.</summary>
    public StepOwner Steps { get; } = new();

    /// <summary>Records an answer and hands it to the code.</summary>
    public void Answer(JournalEventKind kind, int action, string? data, DateTimeOffset notBefore = default) =>
        Journal.Post(kind, action, data, Deliver, notBefore);

    /// <summary>Hands an answer that is on file to the code, in the order of these calls.</summary>
    public void Deliver(JournalEvent? answer)
    {
        if (answer is null)
            return;
        lock (_gate)
            _inbox.Enqueue(answer);
        Wake();
    }

    /// <summary>Has a turn take place soon.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_isScheduled)
                return;
            _isScheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    public void Execute() => _turns.Run(Turn);

    private void Turn()
    {
        while (Next(out JournalEvent? answer))
        {
            try
            {
                if (!_isOver)
                    Take(answer);
            }
            catch (SqliteException e)
            {
                _onFault(e);
                Close();
            }
            catch (Exception e)
            {
                // One instance that cannot go on must not stop the others.
                Fail(e);
            }
        }
    }

    private void Take(JournalEvent? answer)
    {
        if (Journal.HasEnded)
            Close();
        else if (_code is null)
            Begin();
        if (answer is not null && !_isOver)
            Advance(answer);
        if (_turns.HasStrayed && !_isOver)
            throw WorkflowRuleException.Stray();
    }

    /// <summary>Takes the next answer, or none in the first round of a turn; false ends the turn.</summary>
    private bool Next(out JournalEvent? answer)
    {
        lock (_gate)
        {
            if (_inbox.TryDequeue(out answer))
                return true;
            bool begins = !_isOver && (_code is null || Journal.HasEnded || _turns.HasStrayed);
            _isScheduled = begins;
            return begins;
        }
    }

    private void Begin()
    {
        RecordedHistory recorded = Journal.Read();
        Func<IWorkflowContext, string, Task<string>> code = _workflows.Find(Name);
        _context.Replay(recorded);
        if (_record.Events == 0)
            Journal.PostRunning();

        _code = code(_context, _record.Input);
        RunUntilIdle();
        while (!_isOver && _context.NextRecordedAnswer() is { } answer)
        {
            _context.Apply(answer);
            RunUntilIdle();
        }

        if (!_isOver)
        {
            _context.CheckReplayIsComplete();
            GoOn();
        }
    }

    private void Advance(JournalEvent answer)
    {
        _context.Apply(answer);
        RunUntilIdle();
        if (!_isOver)
            GoOn();
    }

    private void RunUntilIdle()
    {
        _turns.RunUntilIdle();
        if (_context.Violation is { } violation)
            throw violation;
        if (_turns.HasStrayed)
            throw WorkflowRuleException.Stray();
        if (!_code!.IsCompleted)
            return;
        _context.CheckReplayIsComplete();
        Finish(_code);
    }

    /// <summary>Records and starts what the code asked for.</summary>
    private void GoOn()
    {
        if (!_context.IsWaiting)
            throw WorkflowRuleException.Stray();
        Journal.PostRequests(_context.TakeNewRequests());

        // Not awaiting that: after a crash before it is on file, the same answers make the code ask for the same again.
        _context.StartActions();
        Journal.PostStatus(_context.Status);
    }

    private void Finish(Task<string> code)
    {
        if (code.IsCompletedSuccessfully)
        {
            End(new InstanceEnd(WorkflowRuntimeStatus.Completed, code.Result, ErrorType: null));
            return;
        }

        Fail(code.Exception?.InnerException ?? new TaskCanceledException(code));
    }

    private void Fail(Exception error)
    {
        _logger.LogError(error, "Workflow {Workflow} {InstanceId} failed: {Error}", Name, Id, error.Message);
        End(new InstanceEnd(WorkflowRuntimeStatus.Failed, PipelineJson.Write(error.Message), error.GetType().FullName));
    }

    private void End(InstanceEnd end)
    {
        string? status = _context.Status ?? _record.CustomStatus;
        Close();
        _instances.End(this, end, status);
    }

    private void Close()
    {
        _isOver = true;
        _context.CallOff();
    }
}
