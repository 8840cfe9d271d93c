using System.Diagnostics;
using System.Net;
using KeypointPipeline.Local.Azurite;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary><c>keypoints up</c> in a process of its own, so that it can be killed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private HostProcess(Process process, HostInfo info, PipelineStorage storage)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = info.Url };
        Storage = storage;
    }

    public HttpClient Http { get; }

    public PipelineStorage Storage { get; }

    /// <summary>Starts the host and waits until it says where it listens.</summary>
    public static async Task<HostProcess> StartAsync(string home, CancellationToken cancellationToken)
    {
        Process process = KeypointsTool.Start(["up", "--home", home, "--port", "0"], new Dictionary<string, string>
        {
            ["TRAINING_EPOCHS"] = SmallPipeline.Training.Epochs.ToString(),
            ["TRAINING_NETWORK"] = SmallPipeline.Training.Network,
            ["RETRAIN_SCHEDULE"] = "never",
        });
        long start = Stopwatch.GetTimestamp();
        while (HostLock.FindRunning(home) is not { } info || info.Pid != process.Id)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > StartPatience)
                throw new InvalidOperationException($"The host did not start: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        return new HostProcess(
            process,
            HostLock.FindRunning(home)!,
            AzuriteServer.FindRunning(new LocalHostFiles(home).Storage) ?? throw new InvalidOperationException("No storage server."));
    }

    /// <summary>One instance, asked for over HTTP.</summary>
    public async Task<WorkflowStatus?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await Http.GetAsync($"runtime/webhooks/durabletask/instances/{instanceId}", cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : PipelineJson.Read<WorkflowStatus>(await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Kills it as <c>kill -9</c> does; the storage server and the trainer live on.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            using Process signal = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
            await signal.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
