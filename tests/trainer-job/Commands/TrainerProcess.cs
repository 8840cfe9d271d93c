using System.Diagnostics;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

/// <summary>The trainer as a process of its own.</summary>
internal sealed class TrainerProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the trainer.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="storage">A connection string, or null.</param>
    /// <param name="calledAs">The program that the user called; null for the trainer itself.</param>
    /// <param name="memory">The memory that it may use; null for what is available.</param>
    public TrainerProcess(IEnumerable<string> arguments, string? storage = null, string? calledAs = null, string? memory = null)
        : this(new ProcessStartInfo("dotnet", [Assembly, .. arguments]), storage, calledAs, memory)
    {
    }

    private TrainerProcess(ProcessStartInfo start, string? storage, string? calledAs, string? memory = null)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment[TrainerVariables.Storage] = storage ?? string.Empty;
        start.Environment[TrainerVariables.StorageUri] = string.Empty;
        start.Environment[TrainerVariables.Device] = "cpu"; // only there, the same training gives the same bytes
        start.Environment[TrainerVariables.CalledAs] = calledAs ?? string.Empty;
        start.Environment[TrainerVariables.Memory] = memory ?? string.Empty;
        _process = Process.Start(start)!;
    }

    /// <summary>The trainer's program.</summary>
    public static string Assembly => Path.Combine(AppContext.BaseDirectory, "keypoint-trainer.dll");

    /// <summary>Runs a command line as a shell takes it.</summary>
    public static TrainerProcess FromShell(string commandLine) => new(new ProcessStartInfo("/bin/sh", ["-c", commandLine]), null, null);

    /// <summary>Reads one stream until a line with <paramref name="text"/>.</summary>
    public static async Task WaitForAsync(StreamReader stream, string text, CancellationToken cancellationToken)
    {
        while (await stream.ReadLineAsync(cancellationToken) is string line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"The trainer ended without saying '{text}'.");
    }

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    public void Kill() => _process.Kill();

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code, and the largest resident memory, bytes.</returns>
    public async Task<(int ExitCode, long Peak)> MeasureAsync(CancellationToken cancellationToken)
    {
        Task<(int ExitCode, string, string)> end = EndAsync(cancellationToken);
        long peak = 0;
        while (!end.IsCompleted)
        {
            try
            {
                _process.Refresh();
                peak = Math.Max(peak, _process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has ended meanwhile.
            }

            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken));
        }

        return ((await end).ExitCode, peak);
    }

    public async Task TerminateAsync(CancellationToken cancellationToken)
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync(CancellationToken cancellationToken)
    {
        Task<string> output = Output.ReadToEndAsync(cancellationToken);
        Task<string> error = Error.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
