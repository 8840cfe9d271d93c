using System.Diagnostics;
using System.Net;
using KeypointPipeline.Api;
using KeypointPipeline.Bench;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Network;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>The processes of a data folder: <c>keypoints up</c>, which is started again and again, and the processes that it starts. Each
/// can be killed.</summary>
internal sealed class ChaosHost(string home, TrainingSettings training) : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    private readonly LocalHostFiles _files = new(home);
    private Process? _process;
    private Task<string[]> _printed = Task.FromResult<string[]>([]);

    /// <summary>Whether the host is not running.</summary>
    public bool HasEnded => _process?.HasExited != false;

    /// <summary>Where the host listens; null while it does not listen.</summary>
    public Uri? Url => HostLock.FindRunning(home) is { } info && info.Pid == _process?.Id ? info.Url : null;

    /// <summary>The storage server; null if it is not running.</summary>
    public ProcessIdentity? StorageServer => Running(new AzuriteFolder(_files.Storage).ReadState()?.Process);

    /// <summary>A running trainer, or null.</summary>
    public ProcessIdentity? Trainer
    {
        get
        {
            var trainers = new TrainerProcesses(_files.Trainers);
            return trainers.Runs().Select(run => Running(trainers.Find(run))).FirstOrDefault(found => found is not null);
        }
    }

    /// <summary>Starts the host, which must not be running, without waiting for it.</summary>
    public void Launch()
    {
        _process?.Dispose();
        ProcessStartInfo start = HostCommand.Up(home);
        start.RedirectStandardError = true;
        start.Environment[TrainingHostSettings.Epochs] = $"{training.Epochs}";
        start.Environment[TrainingHostSettings.Network] = training.Network;
        _process = Process.Start(start)!;
        _printed = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    /// <summary>Opens the storage; null until the host listens.</summary>
    public PipelineStorage? FindStorage() => Url is null ? null : AzuriteServer.FindRunning(_files.Storage);

    /// <summary>Whether an instance has ended. False also if the host does not answer.</summary>
    public async Task<bool> HasEndedAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (Url is not { } url)
            return false;
        using HttpClient http = LocalHttp.CreateClient(url);
        http.Timeout = AnswerPatience;
        try
        {
            using HttpResponseMessage response = await http.GetAsync(ManagementRoutes.Instance(instanceId), cancellationToken);
            return response.StatusCode != HttpStatusCode.NotFound
                && PipelineJson.Read<WorkflowStatus>(await response.Content.ReadAsStringAsync(cancellationToken)).HasEnded;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Kills the host as <c>kill -9</c> does. The storage server and the trainer keep running.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the host to end as <c>kill</c> does, and waits until it has.</summary>
    /// <returns>What was wrong with its end, or null.</returns>
    public async Task<string?> StopAsync(CancellationToken cancellationToken)
    {
        bool wasUp = Url is not null;
        if (_process is not null && ProcessIdentity.Of(_process.Id) is { } process)
        {
            ProcessSignals.RequestEnd(process);
            if (!await process.WaitForEndAsync(StopPatience, cancellationToken))
                return $"the host had not ended {StopPatience} after SIGTERM";
            await _process.WaitForExitAsync(cancellationToken);
        }

        // A host that was still starting may end with any exit code.
        if (!wasUp)
            return null;
        if (_process!.ExitCode != 0)
            return $"the host ended with {_process.ExitCode} on SIGTERM: {await ReadPrintedAsync()}";
        return StorageServer is null && Trainer is null ? null : "the host ended on SIGTERM and left its storage server or trainer running";
    }

    /// <summary>Waits for the host's end and returns what it printed.</summary>
    public async Task<string> ReadPrintedAsync() => string.Concat(await _printed).Trim();

    /// <summary>Ends every process.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        foreach (ProcessIdentity left in new[] { Trainer, StorageServer }.OfType<ProcessIdentity>())
        {
            left.Kill();
            await left.WaitForEndAsync(StopPatience, CancellationToken.None);
        }

        _process?.Dispose();
    }

    private static ProcessIdentity? Running(ProcessIdentity? process) => process?.IsRunning() == true ? process : null;
}
