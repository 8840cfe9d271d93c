using System.Security.Cryptography;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;

namespace KeypointPipeline.Local.Storage;

/// <summary>Installs the npm packages of a <c>package-lock.json</c> below <c>artifacts/</c> on first use. Several processes share one
/// installation. It is never half done, because the packages are installed into a temporary folder that is then renamed.</summary>
/// <param name="name">Name of the packages, for error messages.</param>
/// <param name="source">Folder of <c>package.json</c> and its lock.</param>
/// <param name="target">Folder that gets a subfolder for each version of the lock file.</param>
internal sealed class NodePackages(string name, string source, string target)
{
    private const string Lock = "package-lock.json";

    private readonly NodeTool _node = new(name);

    /// <summary>Gets the folder with <c>node_modules</c>. Installs the packages first if necessary.</summary>
    /// <param name="onInstalling">Called before the download.</param>
    /// <param name="cancellationToken">Cancels the installation.</param>
    /// <exception cref="MissingToolException">Node or npm is missing or too old, or the installation failed.</exception>
    public async Task<string> EnsureAsync(Action onInstalling, CancellationToken cancellationToken)
    {
        await _node.EnsureNodeAsync(cancellationToken);
        string installed = Path.Combine(target, Fingerprint());
        if (!Directory.Exists(installed))
        {
            Directory.CreateDirectory(target);
            using LockFile turn = await LockFile.TakeAsync(Path.Combine(target, ".lock"), cancellationToken);
            if (!Directory.Exists(installed))
            {
                onInstalling();
                await InstallAsync(installed, cancellationToken);
            }
        }

        return installed;
    }

    private async Task InstallAsync(string installed, CancellationToken cancellationToken)
    {
        string aside = installed + ".partial";
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
        Directory.CreateDirectory(aside);
        foreach (string file in (string[])["package.json", Lock])
            File.Copy(Path.Combine(source, file), Path.Combine(aside, file));

        ToolOutcome outcome = await _node.RunNpmAsync(
            aside,
            ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            NpmEnvironment.ForRegistry(),
            cancellationToken);
        if (outcome.ExitCode != 0)
        {
            throw new MissingToolException(
                $"Installing {name} failed: `npm ci` in {aside} ended with code {outcome.ExitCode}. Check that npm reaches its registry "
                + $"(`npm ping`; behind a proxy set `npm config set proxy`), then run the command again. npm said: {outcome.Errors.Trim()}");
        }

        Directory.Move(aside, installed);
    }

    /// <summary>Each version of the lock file has its own installation.</summary>
    private string Fingerprint() =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(source, Lock))))[..12];
}
