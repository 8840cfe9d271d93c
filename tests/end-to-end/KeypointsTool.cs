using System.Diagnostics;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>The <c>keypoints</c> tool as users run it.</summary>
internal static class KeypointsTool
{
    /// <summary>Runs it to its end.</summary>
    public static async Task<ToolResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">The folder it runs in; the test's own where null.</param>
    public static Process Start(IEnumerable<string> arguments, string? folder = null) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        })!;
}

/// <summary>How it ended and what it printed.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors);
