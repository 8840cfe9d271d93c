using System.Diagnostics;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>Watches a process that feeds inputs. If the process crashes or hangs, it reports a failure of the current input and starts
/// another process for the inputs behind it.</summary>
/// <param name="options">The inputs.</param>
/// <param name="heard">Receives the reports, one at a time, on any thread.</param>
internal sealed class LaneProcess(LaneOptions options, Action<LaneReport> heard)
{
    /// <summary>The longest time for one input: then the process is killed.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>The most characters of a crash's output that are repeated: a stack overflow prints millions.</summary>
    private const int MostTold = 2_000;

    private Process? _process;

    /// <summary>The process that runs now, or null.</summary>
    public Process? Running => _process;

    /// <summary>About the number of inputs that are done.</summary>
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

    /// <summary>Runs one process. Returns null if it fed all inputs, otherwise how it ended.</summary>
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

    /// <summary>Waits for the process's end. Returns true if it hung and was killed.</summary>
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
            // A killed process may leave half a line.
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
        // Each process has one busy thread: background collection would only slow the other processes.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        // Otherwise the peak depends on how long the collector waits. It then keeps within half of the ceiling: an input that needs more fails.
        using IFuzzTarget target = FuzzTargets.Open(options.Target);
        start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{target.MemoryCeiling / 2:X}";
        return start;
    }
}
