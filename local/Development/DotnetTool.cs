using System.Diagnostics;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Development;

/// <summary>Runs <c>dotnet</c> in the checkout. Its output goes to this process's output.</summary>
internal static class DotnetTool
{
    /// <summary>Runs it to its end. Cancelling kills it and the processes that it started.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="folder">The folder it runs in; null for the checkout.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder ?? RepositoryRoot.Path };
        using Process process = Process.Start(start) ?? throw new CommandException("dotnet could not be started.");
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>Builds a project of the checkout and runs it in the current folder.</summary>
    /// <param name="project">The project's folder or file.</param>
    /// <param name="arguments">The project's arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The project's exit code.</returns>
    public static Task<int> RunProjectAsync(string project, IEnumerable<string> arguments, CancellationToken cancellationToken) => RunAsync(
        ["run", "--project", project, "--configuration", "Release", "--verbosity", "quiet", "--", .. arguments],
        cancellationToken,
        Environment.CurrentDirectory);
}
