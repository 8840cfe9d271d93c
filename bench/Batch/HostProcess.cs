using System.Diagnostics;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Batch;

/// <summary><c>keypoints up</c> in a process of its own, so that its memory can be measured.</summary>
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

    /// <summary>The host's storage.</summary>
    public PipelineStorage Storage { get; }

    /// <summary>Path of the host's journal.</summary>
    public string Journal { get; }

    /// <summary>The host's peak of resident memory, MB.</summary>
    public double PeakMegabytes => PeakOf(_process);

    /// <summary>The same for its storage server, which is another process.</summary>
    public double ServerPeakMegabytes
    {
        get
        {
            using var server = Process.GetProcessById(_server.Process.Pid);
            return PeakOf(server);
        }
    }

    /// <summary>Starts the host and waits until it listens.</summary>
    /// <param name="home">The host's data folder.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="InvalidOperationException">The host did not start. It prints the reason.</exception>
    public static async Task<HostProcess> StartAsync(string home, CancellationToken cancellationToken)
    {
        Process process = Process.Start(HostCommand.Up(home)) ?? throw new InvalidOperationException("dotnet could not be started.");
        process.BeginOutputReadLine(); // a full pipe would block the host
        try
        {
            long since = Stopwatch.GetTimestamp();
            while (HostLock.FindRunning(home)?.Pid != process.Id)
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(since) > StartPatience)
                    throw new InvalidOperationException("The host did not start; the reason is above.");
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

    /// <summary>Waits until the instance that a dropped blob starts has ended.</summary>
    /// <exception cref="InvalidOperationException">The host ended.</exception>
    public async Task<WorkflowStatus> WaitForEndAsync(string instanceId, CancellationToken cancellationToken)
    {
        while (!_process.HasExited)
        {
            if (await _host.FindAsync(instanceId, cancellationToken) is { HasEnded: true } ended)
                return ended;
            await Task.Delay(LookEvery, cancellationToken);
        }

        throw new InvalidOperationException("The host ended; the reason is above.");
    }

    /// <summary>Stops the host as Ctrl-C does, with its storage server.</summary>
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
