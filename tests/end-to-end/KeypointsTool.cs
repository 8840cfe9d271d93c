using System.Diagnostics;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>The <c>keypoints</c> tool as users run it.</summary>
internal static class KeypointsTool
{
    /// <summary>Runs it to its end.</summary>
    public static async Task<ToolResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new ToolResult(process.ExitCode, await output, await errors);
    }
}

/// <summary>How it ended and what it printed.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors);
