using System.Diagnostics;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Batch;

/// <summary><c>keypoints up</c> in a process of its own, so that its memory is nobody else's.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly RunningHost _host;
    private readonly AzuriteState _server;

    private HostProcess(Process process, string home)
    {
        _process = process;
        _host = RunningHost.Connect(new DirectoryInfo(home));
        var files = new LocalHostFiles(home);
        Journal = files.Journal;
        Storage = _host.OpenStorage();
        _server = new AzuriteFolder(files.Storage).ReadState()!;
    }

    /// <summary>Its storage.</summary>
    public PipelineStorage Storage { get; }

    /// <summary>Its journal.</summary>
    public string Journal { get; }

    /// <summary>The most memory it has had resident so far, MB.</summary>
    public double PeakMegabytes => PeakOf(_process);

    /// <summary>The same of its storage server, which is a process of its own.</summary>
    public double ServerPeakMegabytes
    {
        get
        {
            using var server = Process.GetProcessById(_server.Process.Pid);
            return PeakOf(server);
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="home">Its data folder.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message has what it printed.</exception>
    public static async Task<HostProcess> StartAsync(string home, CancellationToken cancellationToken)
    {
        Process process = Process.Start(HostCommand.Up(home)) ?? throw new InvalidOperationException("dotnet could not be started.");
        process.BeginOutputReadLine(); // a pipe that nobody reads fills and holds the host up
        try
        {
            long since = Stopwatch.GetTimestamp();
            while (HostLock.FindRunning(home)?.Pid != process.Id)
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(since) > StartPatience)
                    throw new InvalidOperationException("The host did not start; it says why above.");
                await Task.Delay(LookEvery, cancellationToken);
            }

            return new HostProcess(process, home);
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    /// <summary>Waits until an instance that a dropped blob starts has ended.</summary>
    /// <exception cref="InvalidOperationException">The host ended.</exception>
    public async Task<WorkflowStatus> WaitForEndAsync(string instanceId, CancellationToken cancellationToken)
    {
        while (!_process.HasExited)
        {
            if (await _host.FindAsync(instanceId, cancellationToken) is { HasEnded: true } ended)
                return ended;
            await Task.Delay(LookEvery, cancellationToken);
        }

        throw new InvalidOperationException("The host ended; it says why above.");
    }

    /// <summary>Stops it as Ctrl-C does, its storage server too.</summary>
    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await EndAsync(_process);
    }

    private static async Task EndAsync(Process process)
    {
        if (ProcessIdentity.Of(process.Id) is { } identity)
            ProcessSignals.RequestEnd(identity);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static double PeakOf(Process process)
    {
        process.Refresh();
        return process.PeakWorkingSet64 / 1e6;
    }
}
