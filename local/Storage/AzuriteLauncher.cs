using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;

namespace KeypointPipeline.Local.Storage;

/// <summary>Starts Azurite's process and reads its port from its output.</summary>
internal static partial class AzuriteLauncher
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>Time to wait for a port. The system closes the port of a killed server shortly after the server has ended.</summary>
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(3);

    /// <summary>Starts the server on the required port. Without one, it uses the last port, so that programs that outlived the owner still
    /// find it. If that port is taken, the system picks one.</summary>
    /// <exception cref="StorageServerException">The server ended instead of listening, or runs and does not listen.</exception>
    public static async Task<AzuriteState> StartAsync(
        AzuriteFolder folder, AzuriteOptions options, string key, int? preferredPort, CancellationToken cancellationToken)
    {
        string main = await AzuriteInstallation.EnsureAsync(options.OnProgress, cancellationToken);
        if (options.Port is int required && ListeningPort.FindObstacle(IPAddress.Loopback, required) is { } obstacle)
            throw new StorageServerException($"Port {required} is not free: {obstacle.Message}");
        int port = options.Port ?? await ChooseAsync(preferredPort, cancellationToken);
        long logStart = File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;
        ProcessIdentity process = await LaunchAsync(folder, options, key, main, port, cancellationToken);
        string printed = await WaitForPortAsync(folder.Log, logStart, process, cancellationToken);
        return Listening().Match(printed) is { Success: true } match
            ? new AzuriteState(process, int.Parse(match.Groups["port"].ValueSpan))
            : throw new StorageServerException($"Azurite did not start. It printed: {printed.Trim()} (log: {folder.Log})");
    }

    /// <returns>The preferred port, or 0 if it stays taken. With 0 the system picks a port.</returns>
    private static async Task<int> ChooseAsync(int? preferredPort, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (preferredPort is int port && Stopwatch.GetElapsedTime(start) < PortPatience)
        {
            if (ListeningPort.FindObstacle(IPAddress.Loopback, port) is null)
                return port;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        return 0;
    }

    private static async Task<ProcessIdentity> LaunchAsync(
        AzuriteFolder folder, AzuriteOptions options, string key, string main, int port, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            Path.Combine(AzuriteInstallation.SourceFolder, "serve.cjs"),
            folder.OwnerFile,
            options.OrphanGrace.TotalSeconds.ToString("0"),
            main,
            "--blobHost", "127.0.0.1",
            "--blobPort", port.ToString(),
            "--location", folder.Data,
            "--silent",
            "--skipApiVersionCheck",
            "--disableTelemetry",
        ];
        var environment = new Dictionary<string, string>
        {
            ["AZURITE_ACCOUNTS"] = string.Join(';', options.Accounts.Select(account => $"{account}:{key}")),
        };
        return await DetachedProcess.StartAsync(folder.StartedFile, folder.Log, "node", arguments, environment, cancellationToken);
    }

    /// <summary>Waits until the output names the port, the process ends or the time is up. Returns the output.</summary>
    private static async Task<string> WaitForPortAsync(
        string log, long logStart, ProcessIdentity process, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            bool running = process.IsRunning();
            string printed = await ReadFromAsync(log, logStart, cancellationToken);
            if (!running || Listening().IsMatch(printed))
                return printed;
            if (Stopwatch.GetElapsedTime(start) > StartPatience)
                return printed + $"\n(not listening after {StartPatience.TotalSeconds} s)";

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    private static async Task<string> ReadFromAsync(string file, long start, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = start;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    [GeneratedRegex(@"successfully listens on http://127\.0\.0\.1:(?<port>\d+)\s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
