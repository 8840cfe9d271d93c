using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine;

/// <summary>A durable workflow engine inside one process, with its journal in one SQLite file. After a crash it replays every
/// instance from the journal and continues where it was.</summary>
/// <remarks>One engine at a time may use a journal. Members other than <see cref="StartAsync(CancellationToken)"/> throw
/// <see cref="InvalidOperationException"/> before it and after the engine has stopped.</remarks>
public sealed class WorkflowEngine : IWorkflowClient, IEarlierTriggers, IHostedService, IAsyncDisposable
{
    private readonly WorkflowEngineOptions _options;
    private readonly WorkflowCatalog _catalog;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunningEngine? _running;

    /// <summary>Creates an engine. <see cref="StartAsync(CancellationToken)"/> opens the journal.</summary>
    /// <param name="options">Settings of the engine.</param>
    /// <param name="catalog">The workflows and steps that it runs.</param>
    /// <param name="services">Services that create the workflows and steps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Creates the loggers of the engine and the workflows.</param>
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

    /// <summary>Completes when the engine has stopped. It is faulted if the engine stopped because the journal cannot be used. A host
    /// should then end.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Opens the journal, or creates it, and resumes every instance that has not ended.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, or a newer program wrote it.</exception>
    /// <exception cref="JournalException">The file cannot be opened or written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_running is not null)
            throw new InvalidOperationException("The workflow engine has already been started.");
        _running = new RunningEngine(_options, _catalog, _services, _time, _loggers, Fault);
        int resumed = await _running.ResumeAsync(cancellationToken);
        _logger.LogInformation("Workflow engine started on {Journal}: {Count} instances resumed", _options.JournalPath, resumed);
    }

    /// <summary>Starts no more steps, cancels the running steps, waits until they have returned, records their results, and closes the
    /// journal. Unfinished steps run again after the next start.</summary>
    /// <param name="cancellationToken">Ends the wait for steps that ignore their token.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_running is not { } running)
            return;
        await running.StopAsync(cancellationToken);
        _completion.TrySetResult();
    }

    /// <summary>Stops at once, as a crash would. No answer on file is lost. Running steps run again after the next
    /// start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_running is { } running)
            await running.DisposeAsync();
        _completion.TrySetResult();
    }

    /// <inheritdoc/>
    public Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (!_catalog.Workflows.ContainsKey(workflow.Name))
            throw new ArgumentException($"No workflow is registered under the name {workflow.Name}.", nameof(workflow));
        return Running.Instances.StartAsync(instanceId, workflow.Name, PipelineJson.Write(input), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> HasSeenAsync(string triggerKey, CancellationToken cancellationToken) =>
        Read(queries => queries.HasTrigger(triggerKey), cancellationToken);

    /// <inheritdoc/>
    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) => Read(queries => queries.Status(instanceId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken) => Read(queries => queries.List(query), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        Running.Instances.TerminateAsync(instanceId, reason, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(data);
        return Running.Instances.RaiseEventAsync(instanceId, name, data, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken) => Running.PurgeAsync(instanceId, cancellationToken);

    private RunningEngine Running => _completion.Task.IsCompleted
        ? throw new InvalidOperationException("The workflow engine has stopped.", _completion.Task.Exception?.InnerException)
        : _running ?? throw new InvalidOperationException("The workflow engine was not started.");

    /// <summary>Reads on a thread of the pool, because a query may wait for the disk.</summary>
    private Task<T> Read<T>(Func<JournalQueries, T> query, CancellationToken cancellationToken)
    {
        JournalQueries queries = Running.Queries;
        return Task.Run(() => query(queries), cancellationToken);
    }

    private void Fault(Exception cause)
    {
        Exception error = cause is SqliteException sqlite ? new JournalException(_options.JournalPath, sqlite) : cause;
        _logger.LogCritical(error, "The workflow engine stops: {Error}", error.Message);
        _completion.TrySetException(error);
        _running?.Halt();
    }
}
