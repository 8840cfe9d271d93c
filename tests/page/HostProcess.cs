using System.Diagnostics;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary><c>keypoints up</c> in a process of its own, which a test kills. Its storage server outlives it, as after a crash.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly string _home;
    private readonly Process _process;

    private HostProcess(string home, Process process, Uri url)
    {
        _home = home;
        _process = process;
        Url = url;
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<HostProcess> StartAsync(string home)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), "up", "--home", home, "--port", "0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Uri? url = null;
        await Eventually.TrueAsync(() =>
        {
            Assert.False(process.HasExited, "keypoints up ended");
            url = HostLock.FindRunning(home) is { } info && info.Pid == process.Id ? info.Url : null;
            return url is not null;
        }, "keypoints up");
        return new HostProcess(home, process, url!);
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends it and, if no other host has done so, its storage server.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        if (new AzuriteFolder(new LocalHostFiles(_home).Storage).ReadState()?.Process is { } server && server.IsRunning())
        {
            server.Kill();
            await server.WaitForEndAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        }
    }
}
