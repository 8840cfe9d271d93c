using KeypointPipeline.Local.Engine.Execution;
using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Local.Engine.Timers;
using KeypointPipeline.Port;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine;

/// <summary>A started engine. It creates the journal, the timers, the steps and the instances, and closes them in order. Only
/// <see cref="WorkflowEngine"/> uses it.</summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    private readonly JournalFile _file;
    private readonly JournalWriter _writer;
    private readonly DurableTimers _timers;
    private readonly StepDispatcher _dispatcher;
    private readonly Cleanups _cleanups;
    private readonly ILogger _logger;
    private int _disposed;

    /// <summary>Opens the journal. Nothing runs yet.</summary>
    /// <param name="options">Settings of the engine.</param>
    /// <param name="catalog">The workflows and steps.</param>
    /// <param name="services">Services that create the workflows and steps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Creates the loggers of the engine and the workflows.</param>
    /// <param name="onFault">Called if the journal cannot be written or read.</param>
    /// <exception cref="InvalidDataException">The file is not a journal that this program can read.</exception>
    /// <exception cref="JournalException">The file cannot be opened or written.</exception>
    public RunningEngine(
        WorkflowEngineOptions options,
        WorkflowCatalog catalog,
        IServiceProvider services,
        TimeProvider time,
        ILoggerFactory loggers,
        Action<Exception> onFault)
    {
        _logger = loggers.CreateLogger<WorkflowEngine>();
        _file = new JournalFile(options.JournalPath);
        _writer = new JournalWriter(_file.OpenForWriting(), onFault);
        _timers = new DurableTimers(time);
        _dispatcher = new StepDispatcher(catalog.Steps, services, options, _timers, _logger);
        _cleanups = new Cleanups(catalog, _dispatcher, _writer, time, _logger);
        Queries = new JournalQueries(_file);

        var code = new WorkflowCode(catalog.Workflows, services);
        var steps = new WorkflowSteps(_dispatcher, time, _logger);
        var runs = new WorkflowRunFactory(code, steps, _timers, _writer, Queries, time, loggers, onFault);
        Instances = new LiveInstances(runs, _writer, _dispatcher, _cleanups, time, _logger);
    }

    /// <summary>The instances that have not ended.</summary>
    public LiveInstances Instances { get; }

    /// <summary>Reads the journal.</summary>
    public JournalQueries Queries { get; }

    /// <summary>Resumes every instance and clean-up that has not ended.</summary>
    /// <returns>The number of resumed instances.</returns>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        int resumed = await Instances.ResumeAsync(Queries.UnderWay, cancellationToken);
        foreach (OwedCleanup owed in Queries.Cleanups())
            _cleanups.Resume(owed);
        return resumed;
    }

    /// <summary>Deletes an ended instance and its ended descendants.</summary>
    /// <returns>The number of deleted instances.</returns>
    public Task<int> PurgeAsync(string id, CancellationToken cancellationToken) =>
        _writer.WriteAsync(session => session.Purge(id), committed: null, cancellationToken);

    /// <summary>Starts no more steps and cancels the running steps without waiting for them.</summary>
    public void Halt()
    {
        _timers.Dispose();
        _ = _dispatcher.StopAsync();
    }

    /// <summary>Waits until the steps have returned, records their results and closes the journal.</summary>
    /// <param name="cancellationToken">Ends the wait for steps that ignore their token.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _timers.Dispose();
        try
        {
            await _dispatcher.StopAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _logger.LogWarning("Some steps still run while the workflow engine stops. They run again after the next start");
        }

        _file.ReleaseReaders();
        await _writer.DrainAsync();
        await CloseAsync();
    }

    /// <summary>Drops running work and closes the journal, as a crash would.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _dispatcher.StopAsync();
        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _timers.Dispose();

        // The readers close before the writer, because SQLite merges its log into the file when the last connection closes.
        _file.ReleaseReaders();
        await _writer.DisposeAsync();
    }
}
