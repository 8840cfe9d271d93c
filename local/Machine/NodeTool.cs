using System.ComponentModel;
using KeypointPipeline.Local.Machine.Processes;

namespace KeypointPipeline.Local.Machine;

/// <summary>Runs <c>node</c> and <c>npm</c>.</summary>
/// <param name="purpose">What Node is needed for, for error messages, for example "the local storage server".</param>
internal sealed class NodeTool(string purpose)
{
    /// <summary>The oldest version that the packages under Azurite 3.35.0 (its Azure SDK) support, though Azurite itself says 10.</summary>
    public const int MinimumMajorVersion = 20;

    private const string InstallHint =
        "Install it from https://nodejs.org (or your system's packages; no root is needed with the archive), "
        + "make sure that `node --version` works in this terminal, and run the command again.";

    private static string Npm => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Checks that Node is installed and new enough.</summary>
    /// <exception cref="MissingToolException">Node is missing or too old.</exception>
    public async Task EnsureNodeAsync(CancellationToken cancellationToken)
    {
        ToolOutcome outcome = await RunNodeAsync(["--version"], environment: null, cancellationToken);
        string version = outcome.Output.Trim();
        if (outcome.ExitCode != 0 || !version.StartsWith('v') || !int.TryParse(version[1..].Split('.')[0], out int major))
            throw Missing($"`node --version` answered '{version}{outcome.Errors}'", innerException: null);
        if (major < MinimumMajorVersion)
            throw Missing($"this is {version}", innerException: null);
    }

    /// <summary>Runs Node.</summary>
    /// <param name="arguments">The script and its arguments, or Node's own options.</param>
    /// <param name="environment">Variables to add to this process's environment; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MissingToolException">Node is missing.</exception>
    public Task<ToolOutcome> RunNodeAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken) =>
        RunAsync("node", arguments, workingFolder: null, environment, cancellationToken);

    /// <summary>Runs npm.</summary>
    /// <param name="workingFolder">Folder of the <c>package.json</c>.</param>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="environment">Variables to add to this process's environment; see <see cref="NpmEnvironment"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MissingToolException">npm is missing.</exception>
    public Task<ToolOutcome> RunNpmAsync(
        string workingFolder,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken) =>
        RunAsync(Npm, arguments, workingFolder, environment, cancellationToken);

    private async Task<ToolOutcome> RunAsync(
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
            throw Missing($"`{program}` cannot be started ({e.Message})", e);
        }
    }

    private MissingToolException Missing(string found, Exception? innerException) => new(
        $"Node.js {MinimumMajorVersion} or newer is needed for {purpose}, but {found}. {InstallHint}", innerException);
}
