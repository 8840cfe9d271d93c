using System.Security.Cryptography;
using KeypointPipeline.Local.Hosting;

namespace KeypointPipeline.Local.Azurite;

/// <summary>Azurite is an npm package: installs the locked version under <c>artifacts/azurite/</c> on first use, once however
/// many processes ask, and never half (it is installed aside and renamed).</summary>
internal static class AzuriteInstallation
{
    /// <summary>Folder of <c>package.json</c>, its lock and the launch scripts.</summary>
    public static string SourceFolder { get; } = Path.Combine(RepositoryRoot.Path, "local", "Azurite");

    private static readonly string[] PackageFiles = ["package.json", "package-lock.json"];

    /// <summary>Gives the path of Azurite's blob server script, installing it first where necessary.</summary>
    /// <exception cref="MissingToolException">Node or npm is missing or too old, or the installation failed.</exception>
    public static async Task<string> EnsureAsync(Action<string>? onProgress, CancellationToken cancellationToken)
    {
        await NodeTool.EnsureNodeAsync(cancellationToken);
        string tools = Path.Combine(RepositoryRoot.Path, "artifacts", "azurite");
        string installed = Path.Combine(tools, Fingerprint());
        if (!Directory.Exists(installed))
        {
            Directory.CreateDirectory(tools);
            await using FileStream turn = await WaitForTurnAsync(Path.Combine(tools, ".lock"), cancellationToken);
            if (!Directory.Exists(installed))
                await InstallAsync(installed, onProgress, cancellationToken);
        }

        return Path.Combine(installed, "node_modules", "azurite", "dist", "src", "blob", "main.js");
    }

    private static async Task InstallAsync(string target, Action<string>? onProgress, CancellationToken cancellationToken)
    {
        onProgress?.Invoke("Installing the local storage server (Azurite, from npm), once: about 20 seconds, 190 MB");
        string aside = target + ".partial";
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
        Directory.CreateDirectory(aside);
        foreach (string file in PackageFiles)
            File.Copy(Path.Combine(SourceFolder, file), Path.Combine(aside, file));

        ToolOutcome outcome = await NodeTool.RunNpmAsync(
            aside, ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cancellationToken);
        if (outcome.ExitCode != 0)
        {
            throw new MissingToolException(
                $"Installing Azurite failed: `npm ci` in {aside} ended with code {outcome.ExitCode}. Check that npm reaches its registry "
                + $"(`npm ping`; behind a proxy set `npm config set proxy`), then run the command again. npm said: {outcome.Errors.Trim()}");
        }

        Directory.Move(aside, target);
    }

    private static async Task<FileStream> WaitForTurnAsync(string lockFile, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(lockFile))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    /// <summary>Another lock file is another installation.</summary>
    private static string Fingerprint() =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(SourceFolder, "package-lock.json"))))[..12];
}
