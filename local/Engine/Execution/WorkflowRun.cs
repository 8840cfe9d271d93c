using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Runs the code of an instance. Answers that are on file wait in its inbox. Turns pass them to the code one by one and let
/// it run in between until it waits again. A replay therefore takes exactly the course of the first run.</summary>
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

    /// <summary>Creates the run of an instance that is in the journal. <see cref="Wake"/> begins it.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="journal">The instance's part of the journal.</param>
    /// <param name="workflows">The workflows' code.</param>
    /// <param name="starter">Creates the starter of the run's actions.</param>
    /// <param name="instances">Records the end of the instance.</param>
    /// <param name="logger">The logger of the workflow.</param>
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

    /// <summary>Id of the instance.</summary>
    public string Id => _record.Id;

    /// <summary>Key of the instance in the journal.</summary>
    public long Key => _record.Key;

    /// <summary>Name of the workflow.</summary>
    public string Name => _record.Name;

    /// <summary>Input of the instance, JSON.</summary>
    public string Input => _record.Input;

    /// <summary>The instance's part of the journal.</summary>
    public InstanceJournal Journal { get; }

    /// <summary>The steps of the instance.</summary>
    public StepOwner Steps { get; } = new();

    /// <summary>Records an answer and passes it to the code.</summary>
    public void Answer(JournalEventKind kind, int action, string? data, DateTimeOffset notBefore = default) =>
        Journal.Post(kind, action, data, Deliver, notBefore);

    /// <summary>Passes an answer that is on file to the code, in the order of these calls.</summary>
    public void Deliver(JournalEvent? answer)
    {
        if (answer is null)
            return;
        lock (_gate)
            _inbox.Enqueue(answer);
        Wake();
    }

    /// <summary>Schedules a turn.</summary>
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
                // A failing instance must not stop the others.
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

    /// <summary>Takes the next answer. The first round of a turn may have none. False ends the turn.</summary>
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

    /// <summary>Records and starts the actions that the code asked for.</summary>
    private void GoOn()
    {
        if (!_context.IsWaiting)
            throw WorkflowRuleException.Stray();
        Journal.PostRequests(_context.TakeNewRequests());

        // This does not wait for the file: after a crash, the same answers make the code ask for the same actions again.
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
