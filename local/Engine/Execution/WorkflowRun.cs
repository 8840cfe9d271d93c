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
    private readonly EngineParts _parts;
    private readonly InstanceRecord _record;
    private readonly ILogger _logger;
    private readonly TurnContext _turns;
    private readonly WorkflowContext _context;
    private readonly Lock _gate = new();
    private readonly Queue<JournalEvent> _inbox = new();
    private Task<string>? _code;
    private bool _isOver;
    private bool _isScheduled;
    private string? _recordedStatus;
    private int _statusPosts;

    /// <summary>Creates the run of an instance that is in the journal; <see cref="Wake"/> begins it.</summary>
    public WorkflowRun(EngineParts parts, InstanceRecord record)
    {
        _parts = parts;
        _record = record;
        _recordedStatus = record.CustomStatus;
        _logger = parts.Loggers.CreateLogger($"Workflow.{record.Name}");
        _turns = new TurnContext(Wake);
        _context = new WorkflowContext(record.Id, record.Created, _turns, new ActionStarter(parts, this), _logger);
        History = new InstanceHistory(record, parts.Time);
    }

    /// <summary>Its id.</summary>
    public string Id => _record.Id;

    /// <summary>The journal's key of it.</summary>
    public long Key => _record.Key;

    /// <summary>Its workflow.</summary>
    public string Name => _record.Name;

    /// <summary>Where its entries are appended.</summary>
    public InstanceHistory History { get; }

    /// <summary>Its steps.</summary>
    public StepOwner Steps { get; } = new();

    /// <summary>Records an answer and hands it to the code.</summary>
    public void Answer(JournalEventKind kind, int action, string? data, DateTimeOffset notBefore = default)
    {
        JournalEvent? answer = null;
        _parts.Writer.Post(
            session => answer = History.Append(session, kind, action, name: null, data, notBefore),
            () => Deliver(answer));
    }

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
                _parts.Fault(e);
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
        if (History.HasEnded)
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
            bool begins = !_isOver && (_code is null || History.HasEnded || _turns.HasStrayed);
            _isScheduled = begins;
            return begins;
        }
    }

    private void Begin()
    {
        RecordedHistory recorded = new(_record.Events > 0 ? new JournalQueries(_parts.File).History(Key, _record.Events) : []);
        if (!_parts.Catalog.Workflows.TryGetValue(Name, out WorkflowEntry? workflow))
            throw new InvalidOperationException($"No workflow is registered under the name {Name}.");
        _context.Replay(recorded);
        if (_record.Events == 0)
            _parts.Writer.Post(session => session.SetRunning(Key, _parts.Time.GetUtcNow()));

        _code = workflow.RunAsync(_parts.Services, _context, _record.Input);
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

    /// <summary>Records and sets going what the code asked for.</summary>
    private void GoOn()
    {
        if (!_context.IsWaiting)
            throw WorkflowRuleException.Stray();
        IReadOnlyList<JournalEvent> requests = _context.TakeNewRequests();
        if (requests.Count > 0)
        {
            _parts.Writer.Post(session =>
            {
                foreach (JournalEvent request in requests)
                    History.Append(session, request.Kind, request.Action, request.Name, request.Data);
            });
        }

        // Not awaiting that: after a crash before it is on file, the same answers make the code ask for the same again.
        _context.StartActions();
        RecordStatus();
    }

    /// <summary>Records the last custom status; at most one change of it waits at a time.</summary>
    private void RecordStatus()
    {
        string? status = _context.Status;
        if (status is null || status == Volatile.Read(ref _recordedStatus))
            return;
        Volatile.Write(ref _recordedStatus, status);
        if (Interlocked.Exchange(ref _statusPosts, 1) == 1)
            return;
        _parts.Writer.Post(session =>
        {
            Volatile.Write(ref _statusPosts, 0);
            if (!History.HasEnded)
                session.SetCustomStatus(Key, Volatile.Read(ref _recordedStatus), _parts.Time.GetUtcNow());
        });
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
        _parts.Instances.End(this, end, status);
    }

    private void Close()
    {
        _isOver = true;
        _context.CallOff();
    }
}
