using System.Diagnostics;
using System.Text.Json;

namespace KeypointPipeline.Local.Machine;

/// <summary>Runs programs to their end and keeps what they write.</summary>
internal static class CapturedProcess
{
    /// <summary>Runs one; ends it, with what it started, on cancellation.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="workingFolder">Where it runs; here where null.</param>
    /// <param name="environment">Added to this process's environment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
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

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record ToolOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>The output as JSON; null where it is none.</summary>
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
