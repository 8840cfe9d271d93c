using KeypointPipeline.Local.Engine.Execution;
using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine;

/// <summary>A durable workflow engine inside one process, with its journal in one SQLite file. After a crash it replays every
/// instance from the journal and goes on where it was.</summary>
/// <remarks>One engine at a time may use a journal. Members other than <see cref="StartAsync(CancellationToken)"/> throw
/// <see cref="InvalidOperationException"/> before it and after the engine has stopped.</remarks>
public sealed class WorkflowEngine : IWorkflowClient, ITriggerLedger, IHostedService, IAsyncDisposable
{
    private readonly WorkflowEngineOptions _options;
    private readonly WorkflowCatalog _catalog;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineParts? _parts;

    /// <summary>Creates an engine; <see cref="StartAsync(CancellationToken)"/> opens the journal.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="catalog">The workflows and steps it knows.</param>
    /// <param name="services">What they are created from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it, and the workflows, log.</param>
    public WorkflowEngine(
        WorkflowEngineOptions options, WorkflowCatalog catalog, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _catalog = catalog;
        _services = services;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<WorkflowEngine>();
    }

    /// <summary>Ends when the engine has stopped; faulted where it stopped because the journal cannot be used. A host should
    /// end with it.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Opens the journal, or creates it, and resumes every instance that has not ended.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, or a newer program wrote it.</exception>
    /// <exception cref="JournalException">The file cannot be opened or written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_parts is not null)
            throw new InvalidOperationException("The workflow engine was started already.");
        var parts = new EngineParts(
            new JournalFile(_options.JournalPath), _options, _catalog, _services, _time, _loggers, Fault);
        _parts = parts;

        var queries = new JournalQueries(parts.File);
        List<WorkflowRun> runs = await parts.Writer.WriteAsync(
            _ => queries.UnderWay().Select(parts.Instances.Add).ToList(), committed: null, cancellationToken);
        foreach (WorkflowRun run in runs)
            run.Wake();
        foreach (OwedCleanup owed in queries.Cleanups())
        {
            CleanupJob job = CleanupJob.Create(parts, owed, new StepOwner());
            TimeSpan atMost = _catalog.Steps.GetValueOrDefault(owed.Step)?.Retry.MaxDelay ?? TimeSpan.Zero;
            parts.Timers.Set(owed.Due, atMost, () => parts.Dispatcher.Add(job));
        }

        _logger.LogInformation("Workflow engine started on {Journal}: {Count} instances resumed", _options.JournalPath, runs.Count);
    }

    /// <summary>Starts nothing more, cancels the steps that run and waits until they have returned, records what they gave, and
    /// closes the journal. What was not done runs again after the next start.</summary>
    /// <param name="cancellationToken">Ends the wait for steps that do not heed their token.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_parts is not { } parts)
            return;
        parts.Timers.Dispose();
        try
        {
            await parts.Dispatcher.StopAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _logger.LogWarning("Some steps still run while the workflow engine stops; they run again after the next start");
        }

        await parts.DrainAsync();
        _completion.TrySetResult();
    }

    /// <summary>Stops at once, as a crash would: nothing that was answered is lost, and steps under way run again after the next
    /// start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_parts is { } parts)
        {
            _ = parts.Dispatcher.StopAsync();
            await parts.DisposeAsync();
        }

        _completion.TrySetResult();
    }

    /// <inheritdoc/>
    public Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        (EngineParts parts, string json) = CheckStart(workflow, input, instanceId);
        return StartAsync(parts, session => parts.Instances.Accept(session, instanceId, workflow.Name, json, parent: null), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> StartOnceAsync<TInput, TOutput>(
        string triggerKey, WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(triggerKey);
        (EngineParts parts, string json) = CheckStart(workflow, input, instanceId);
        return StartAsync(
            parts,
            session => session.InsertTrigger(triggerKey, instanceId, _time.GetUtcNow())
                ? parts.Instances.Accept(session, instanceId, workflow.Name, json, parent: null)
                : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> HasSeenAsync(string triggerKey, CancellationToken cancellationToken) => Read(queries => queries.HasSeen(triggerKey), cancellationToken);

    /// <inheritdoc/>
    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) => Read(queries => queries.Status(instanceId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken) => Read(queries => queries.List(query), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        Parts.Instances.TerminateAsync(instanceId, reason, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(data);
        EngineParts parts = Parts;
        WorkflowRun? run = null;
        return await parts.Writer.WriteAsync(
            session =>
            {
                run = parts.Instances.Find(instanceId);
                return run?.History.Append(session, JournalEventKind.EventRaised, action: null, name, data);
            },
            answer => run?.Deliver(answer),
            cancellationToken) is not null;
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken) =>
        Parts.Writer.WriteAsync(session => session.Purge(instanceId), committed: null, cancellationToken);

    private EngineParts Parts => _completion.Task.IsCompleted
        ? throw new InvalidOperationException("The workflow engine has stopped.", _completion.Task.Exception?.InnerException)
        : _parts ?? throw new InvalidOperationException("The workflow engine was not started.");

    private static async Task<bool> StartAsync(EngineParts parts, Func<JournalSession, WorkflowRun?> accept, CancellationToken cancellationToken) =>
        await parts.Writer.WriteAsync(accept, run => run?.Wake(), cancellationToken) is not null;

    private (EngineParts Parts, string Input) CheckStart<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (!_catalog.Workflows.ContainsKey(workflow.Name))
            throw new ArgumentException($"No workflow is registered under the name {workflow.Name}.", nameof(workflow));
        return (Parts, PipelineJson.Write(input));
    }

    /// <summary>On a thread of the pool: a query may wait for the disk.</summary>
    private Task<T> Read<T>(Func<JournalQueries, T> query, CancellationToken cancellationToken)
    {
        EngineParts parts = Parts;
        return Task.Run(() => query(new JournalQueries(parts.File)), cancellationToken);
    }

    private void Fault(Exception cause)
    {
        Exception error = cause is SqliteException sqlite ? new JournalException(_options.JournalPath, sqlite) : cause;
        _logger.LogCritical(error, "The workflow engine stops: {Error}", error.Message);
        _completion.TrySetException(error);
        if (_parts is { } parts)
        {
            parts.Timers.Dispose();
            _ = parts.Dispatcher.StopAsync();
        }
    }
}
