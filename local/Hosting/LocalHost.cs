using System.Net;
using KeypointPipeline.Errors;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Local.Watching;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeypointPipeline.Local.Hosting;

/// <summary>The whole pipeline on this machine: storage server, workflow engine, watcher, scheduler and HTTP API. It may be
/// killed at any moment. The next host of the same folder continues its work.</summary>
public sealed class LocalHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly StorageKeeper _storageServer;
    private readonly HostLock _lock;
    private readonly TrainerProcesses _trainers;
    private bool _stopped;

    private LocalHost(WebApplication application, LocalHostFiles files, StorageKeeper storageServer, HostLock @lock)
    {
        _application = application;
        _trainers = new TrainerProcesses(files.Trainers);
        _storageServer = storageServer;
        _lock = @lock;
        Url = Reachable(new Uri(application.Urls.First()));
        Completion = WatchAsync(application);
    }

    /// <summary>Address of the HTTP API for programs on this machine.</summary>
    public Uri Url { get; }

    /// <summary>The storage.</summary>
    public PipelineStorage Storage => _application.Services.GetRequiredService<PipelineStorage>();

    /// <summary>The workflow engine.</summary>
    public IWorkflowClient Workflows => _application.Services.GetRequiredService<IWorkflowClient>();

    /// <summary>Completes when the host cannot continue, faulted if there is a reason. The owner then stops the host.</summary>
    public Task Completion { get; }

    /// <summary>Starts all parts of the host. If one does not start, stops the others.</summary>
    /// <exception cref="HostAlreadyRunningException">Another host has locked the folder.</exception>
    /// <exception cref="PortTakenException">Another program listens on the port.</exception>
    /// <exception cref="AddressNotHereException">The address to listen on does not belong to this machine.</exception>
    /// <exception cref="MissingToolException">Node or npm is missing or too old.</exception>
    /// <exception cref="StorageServerException">The storage server does not start.</exception>
    /// <exception cref="UserErrorException">The schedule cannot be read.</exception>
    public static async Task<LocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var files = new LocalHostFiles(Path.GetFullPath(options.Home));
        RetrainSchedule? schedule = options.RetrainSchedule is string text ? RetrainSchedule.Parse(text) : null;
        HostLock? held = null;
        StorageKeeper? storage = null;
        WebApplication? application = null;
        try
        {
            held = HostLock.Acquire(files.Home);
            if (!held.IsPrivate)
            {
                options.OnProgress?.Invoke(
                    $"Other users of this machine can read {files.Home}, and its permissions were left alone. "
                    + "Choose a new folder with --home to keep data and keys private.");
            }

            // The port is checked before anything starts, because the user can solve a taken port.
            if (ListeningPort.FindObstacle(options.Listen, options.Port) is { } obstacle)
                throw new PortTakenException(options.Port, obstacle);
            new WorkFolder(files.Work).DeleteLeftovers();
            storage = await StorageKeeper.StartAsync(
                new AzuriteOptions { DataFolder = files.Storage, OnProgress = options.OnProgress }, cancellationToken);
            application = LocalHostBuilder.Build(options, files, schedule, storage);
            await application.StartAsync(cancellationToken);
            var host = new LocalHost(application, files, storage, held);
            held.Announce(new HostInfo(
                Environment.ProcessId, host.Url, TimeProvider.System.GetUtcNow(), NeedsKey: !IPAddress.IsLoopback(options.Listen)));
            return host;
        }
        catch
        {
            if (application is not null)
            {
                await application.StopAsync(CancellationToken.None);
                await application.DisposeAsync();
            }

            if (held is not null)
                await new TrainerProcesses(files.Trainers).StopAllAsync(CancellationToken.None);
            if (storage is not null)
                await storage.DisposeAsync();
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Stops the host in order: first requests and new starts, then running steps, then the trainers (each saves a
    /// checkpoint), and the storage server last. The next host of the folder continues the unfinished work.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        _stopped = true;
        await _application.StopAsync(cancellationToken);
        await _trainers.StopAllAsync(cancellationToken);
        await _application.DisposeAsync();
        await _storageServer.DisposeAsync();
        _lock.Dispose();
    }

    /// <summary>Stops the host.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>0.0.0.0 and [::] cannot be connected to, so loopback replaces them.</summary>
    private static Uri Reachable(Uri listening) => listening.Host switch
    {
        "0.0.0.0" => new UriBuilder(listening) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(listening) { Host = "[::1]" }.Uri,
        _ => listening,
    };

    /// <summary>Waits until the host cannot continue. The engine stops by itself only if its journal fails. A background service that fails
    /// stops the application.</summary>
    private static async Task WatchAsync(WebApplication application)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = application.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await await Task.WhenAny(application.Services.GetRequiredService<WorkflowEngine>().Completion, stopping.Task);
        foreach (BackgroundService service in application.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true } failed)
                await failed;
        }
    }
}
