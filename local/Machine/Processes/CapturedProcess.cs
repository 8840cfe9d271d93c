using System.Diagnostics;
using System.Text.Json;

namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>Runs programs to their end and keeps their output.</summary>
internal static class CapturedProcess
{
    /// <summary>Runs a program. Cancellation kills it and the processes that it started.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Arguments of the program.</param>
    /// <param name="workingFolder">Working folder of the program; null for the current folder.</param>
    /// <param name="environment">Variables to add to this process's environment.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<ToolOutcome> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? workingFolder,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using var process = new Process { StartInfo = start };
        process.Start();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ToolOutcome(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <summary>Exit code and output of a program.</summary>
internal sealed record ToolOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>Deserializes the output as JSON. Returns null if it is not JSON.</summary>
    public T? ReadOutput<T>()
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Output, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
