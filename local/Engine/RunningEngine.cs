using KeypointPipeline.Local.Engine.Execution;
using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Local.Engine.Timers;
using KeypointPipeline.Port;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine;

/// <summary>A started engine: puts the journal, the timers, the steps and the instances together, and closes them in order. Only
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
    /// <param name="options">The journal's path and how steps run.</param>
    /// <param name="catalog">The workflows and steps.</param>
    /// <param name="services">What they are created from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where engine and workflows log.</param>
    /// <param name="onFault">Called when the journal cannot be written or read.</param>
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
    /// <returns>How many instances.</returns>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        int resumed = await Instances.ResumeAsync(Queries.UnderWay, cancellationToken);
        foreach (OwedCleanup owed in Queries.Cleanups())
            _cleanups.Resume(owed);
        return resumed;
    }

    /// <summary>Deletes an ended instance and the ended ones under it.</summary>
    /// <returns>How many instances were deleted.</returns>
    public Task<int> PurgeAsync(string id, CancellationToken cancellationToken) =>
        _writer.WriteAsync(session => session.Purge(id), committed: null, cancellationToken);

    /// <summary>Starts no more steps, cancels those that run, and does not wait for them.</summary>
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
            _logger.LogWarning("Some steps still run while the workflow engine stops; they run again after the next start");
        }

        _file.ReleaseReaders();
        await _writer.DrainAsync();
        await CloseAsync();
    }

    /// <summary>Drops what is under way and closes the journal.</summary>
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

        // Before the writer: SQLite folds the log into the file only when the last connection closes.
        _file.ReleaseReaders();
        await _writer.DisposeAsync();
    }
}
