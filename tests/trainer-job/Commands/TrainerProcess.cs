using System.Diagnostics;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

/// <summary>The trainer as a process of its own.</summary>
internal sealed class TrainerProcess : IDisposable
{
    private readonly Process _process;

    public TrainerProcess(IEnumerable<string> arguments, string? storage = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoint-trainer.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KEYPOINTS_STORAGE"] = storage ?? string.Empty;
        start.Environment["KEYPOINTS_STORAGE_URI"] = string.Empty;
        start.Environment["KEYPOINTS_DEVICE"] = "cpu"; // only there the same training gives the same bytes
        _process = Process.Start(start)!;
    }

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
