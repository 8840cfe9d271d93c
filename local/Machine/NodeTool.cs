using System.ComponentModel;

namespace KeypointPipeline.Local.Machine;

/// <summary>Runs <c>node</c> and <c>npm</c>.</summary>
internal static class NodeTool
{
    /// <summary>What packages under Azurite 3.35.0 ask for (its Azure SDK), though Azurite itself says 10.</summary>
    public const int MinimumMajorVersion = 20;

    private const string InstallHint =
        "Install Node.js 20 or newer from https://nodejs.org (or your system's packages; no root is needed with the archive), "
        + "make sure `node --version` works in this terminal, and run the command again.";

    private static string Npm => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Checks that Node is there and new enough.</summary>
    /// <exception cref="MissingToolException">It is not.</exception>
    public static async Task EnsureNodeAsync(CancellationToken cancellationToken)
    {
        ToolOutcome outcome = await RunAsync("node", ["--version"], workingFolder: null, environment: null, cancellationToken);
        string version = outcome.Output.Trim();
        if (outcome.ExitCode != 0 || !version.StartsWith('v') || !int.TryParse(version[1..].Split('.')[0], out int major))
            throw new MissingToolException($"`node --version` answered '{version}{outcome.Errors}'. {InstallHint}");
        if (major < MinimumMajorVersion)
            throw new MissingToolException($"The local storage server needs Node.js {MinimumMajorVersion} or newer; this is {version}. {InstallHint}");
    }

    /// <summary>Runs a script of ours.</summary>
    public static Task<ToolOutcome> RunScriptAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken) =>
        RunAsync("node", arguments, workingFolder: null, environment, cancellationToken);

    /// <summary>Runs npm.</summary>
    /// <param name="workingFolder">Folder of the <c>package.json</c>.</param>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="environment">Added to this process's environment; see <see cref="NpmEnvironment"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MissingToolException">There is no npm.</exception>
    public static Task<ToolOutcome> RunNpmAsync(
        string workingFolder,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken) =>
        RunAsync(Npm, arguments, workingFolder, environment, cancellationToken);

    private static async Task<ToolOutcome> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string? workingFolder,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellationToken)
    {
        try
        {
            return await CapturedProcess.RunAsync(program, arguments, workingFolder, environment, cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw new MissingToolException($"The local storage server needs Node.js, and `{program}` cannot be started: {e.Message}. {InstallHint}", e);
        }
    }
}
