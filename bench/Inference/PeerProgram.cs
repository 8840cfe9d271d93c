using System.Globalization;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;

namespace KeypointPipeline.Bench.Inference;

/// <summary>A Node program that the bench compares with. Its packages come from npm, on first use.</summary>
/// <param name="source">Folder of the program, <c>package.json</c> and its lock.</param>
/// <param name="program">File name of the program. It prints the seconds that it took, without its start.</param>
/// <param name="packages">What is installed, for people: the packages and their size.</param>
internal sealed class PeerProgram(string source, string program, string packages)
{
    private const string Peer = "a program in Node that the bench compares with";

    private readonly NodePackages _packages = new(Peer, source, Path.Combine(RepositoryRoot.Path, "artifacts", "bench", "peer"));

    private string _installed = "";

    /// <summary>Installs the program if necessary.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        string folder = await _packages.EnsureAsync(
            () => Console.Error.WriteLine($"Installing {packages} from npm for the comparison, once"), cancellationToken);
        // Node looks for packages beside the program.
        _installed = Path.Combine(folder, program);
        File.Copy(Path.Combine(source, program), _installed, overwrite: true);
    }

    /// <summary>Runs the installed program.</summary>
    /// <returns>Seconds, without the start of the program.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public async Task<double> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        ToolOutcome outcome = await new NodeTool(Peer).RunNodeAsync(
            [_installed, .. arguments], NoProxyVariables.WithLoopback(Environment.GetEnvironmentVariable), cancellationToken);
        return outcome.ExitCode == 0 && double.TryParse(outcome.Output, CultureInfo.InvariantCulture, out double seconds)
            ? seconds
            : throw new InvalidOperationException($"The peer {program} failed: {outcome.Errors}{outcome.Output}");
    }
}
