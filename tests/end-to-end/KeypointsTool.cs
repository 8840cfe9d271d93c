using System.Diagnostics;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>The <c>keypoints</c> tool as users run it.</summary>
internal static class KeypointsTool
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="variables">Added to the test's own environment.</param>
    public static async Task<ToolResult> RunAsync(
        IEnumerable<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? variables = null)
    {
        using Process process = Start(arguments, variables: variables);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">The folder it runs in; the test's own where null.</param>
    /// <param name="variables">Added to the test's own environment.</param>
    public static Process Start(IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>How it ended and what it printed.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors);
