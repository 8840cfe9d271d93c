using KeypointPipeline.Local.Engine.Execution;
using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Steps;
using KeypointPipeline.Local.Engine.Timers;
using KeypointPipeline.Port;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine;

/// <summary>What a started engine is made of.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    private int _disposed;

    /// <summary>Opens the journal and puts the parts together; nothing runs yet.</summary>
    /// <param name="file">The journal.</param>
    /// <param name="options">How steps run.</param>
    /// <param name="catalog">The workflows and steps.</param>
    /// <param name="services">What they are created from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where they log.</param>
    /// <param name="onFault">Called when the journal cannot be written or read.</param>
    /// <exception cref="InvalidDataException">The file is not a journal this program can read.</exception>
    public EngineParts(
        JournalFile file,
        WorkflowEngineOptions options,
        WorkflowCatalog catalog,
        IServiceProvider services,
        TimeProvider time,
        ILoggerFactory loggers,
        Action<Exception> onFault)
    {
        File = file;
        Fault = onFault;
        Catalog = catalog;
        Services = services;
        Time = time;
        Loggers = loggers;
        Logger = loggers.CreateLogger<WorkflowEngine>();
        Writer = new JournalWriter(file.OpenForWriting(), onFault);
        Timers = new DurableTimers(time);
        Dispatcher = new StepDispatcher(catalog.Steps, services, options, Logger);
        Instances = new LiveInstances(this);
    }

    /// <summary>The journal's file, for reading.</summary>
    public JournalFile File { get; }

    /// <summary>Stops the engine because the journal cannot be written or read.</summary>
    public Action<Exception> Fault { get; }

    /// <summary>The workflows and steps by name.</summary>
    public WorkflowCatalog Catalog { get; }

    /// <summary>What workflows are created from.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where workflows log.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>Where the engine logs.</summary>
    public ILogger Logger { get; }

    /// <summary>The journal's writer.</summary>
    public JournalWriter Writer { get; }

    /// <summary>The timers that wait.</summary>
    public DurableTimers Timers { get; }

    /// <summary>Runs the steps.</summary>
    public StepDispatcher Dispatcher { get; }

    /// <summary>The instances that have not ended.</summary>
    public LiveInstances Instances { get; }

    /// <summary>Writes what waits and closes the journal.</summary>
    public async Task DrainAsync()
    {
        File.ReleaseReaders();
        await Writer.DrainAsync();
        await DisposeAsync();
    }

    /// <summary>Drops what is under way and closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        Timers.Dispose();

        // Before the writer: it folds the log into the file only where it is the last to close.
        File.ReleaseReaders();
        await Writer.DisposeAsync();
    }
}
