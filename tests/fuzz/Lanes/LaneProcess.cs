using System.Diagnostics;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>Watches a process that feeds inputs, from the outside: where it crashes or hangs, that is told of the input it was at, and
/// another process goes on behind it.</summary>
/// <param name="options">What it feeds.</param>
/// <param name="heard">Takes what it says; called on any thread, one line at a time.</param>
internal sealed class LaneProcess(LaneOptions options, Action<LaneReport> heard)
{
    /// <summary>After so long with one input a process is ended.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Characters of a crash's last words that are repeated: a stack overflow's are millions.</summary>
    private const int MostTold = 2_000;

    private Process? _process;

    /// <summary>The process that runs now, or null.</summary>
    public Process? Running => _process;

    /// <summary>Inputs done, about.</summary>
    public long Done { get; private set; }

    /// <summary>Runs until all inputs are fed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using FlightBoard board = FlightBoard.Open(options.Board);
        long next = options.First;
        while (next < options.End)
        {
            board.Number = -1;
            if (await RunFromAsync(next, board, cancellationToken) is not string end)
                return;
            long at = board.Number;
            if (at < 0)
                throw new InvalidOperationException($"A process that feeds {options.Target} did not start: {end}");
            heard(new LaneReport(Failure: new FuzzFailure(options.Target, at, end)));
            next = at + options.Stride;
        }
    }

    /// <summary>Starts a process; null where it came to its end.</summary>
    private async Task<string?> RunFromAsync(long first, FlightBoard board, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(StartInfo(first)) ?? throw new InvalidOperationException("A process could not be started.");
        _process = process;
        Task listening = ListenAsync(process.StandardOutput);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            bool hangs = await WatchAsync(process, board, cancellationToken);
            await listening;
            if (hangs)
                return $"It did not end within {Hang.TotalSeconds:0} s.";
            if (process.ExitCode == 0)
                return null;
            string told = await errors;
            return $"The process ended with exit code {process.ExitCode}. {told[^Math.Min(told.Length, MostTold)..]}".Trim();
        }
        finally
        {
            _process = null;
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Until it has ended; true where it had to be ended.</summary>
    private async Task<bool> WatchAsync(Process process, FlightBoard board, CancellationToken cancellationToken)
    {
        Task ended = process.WaitForExitAsync(cancellationToken);
        long at = -1;
        long since = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(ended, Task.Delay(Look, cancellationToken)) != ended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (board.Number != at)
                (at, since) = (board.Number, Stopwatch.GetTimestamp());
            Done = Math.Max(Done, (at - options.First) / options.Stride);
            if (Stopwatch.GetElapsedTime(since) < Hang)
                continue;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancellationToken);
            return true;
        }

        await ended;
        return false;
    }

    private async Task ListenAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is string line)
        {
            // A process that is killed may end within a line.
            if (line.EndsWith('}'))
                heard(PipelineJson.Read<LaneReport>(line));
        }
    }

    private ProcessStartInfo StartInfo(long first)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(LaneProcess).Assembly.Location, FuzzCommand.Name, FuzzCommand.LaneOption, PipelineJson.Write(options with { First = first })])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // One thread per process is busy: collecting on others would only get in the way of the other processes.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return start;
    }
}
