using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Storage;

/// <summary>Starts Azurite's process and learns its port from what it prints.</summary>
internal static partial class AzuriteLauncher
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>A killed server counts as ended a moment before the system closes its port.</summary>
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(3);

    /// <summary>Starts the server on the port it must have; else on the one it had last, so that programs which outlived the owner still
    /// find it, or, where that is taken, on one the system picks.</summary>
    /// <exception cref="StorageServerException">It ended instead of listening, or runs and does not listen.</exception>
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

    /// <returns>The preferred port, or 0 where it stays taken: the system then picks one.</returns>
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

    /// <summary>Gives what was printed up to the line that names the port, or all of it where the process ended first or takes too long.</summary>
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
