using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Storage;

/// <summary>Installs Azurite, an npm package, on first use. The locked version goes to <c>artifacts/azurite/</c>.</summary>
internal static class AzuriteInstallation
{
    /// <summary>Folder of <c>package.json</c>, its lock and the launch scripts.</summary>
    public static string SourceFolder { get; } = Path.Combine(RepositoryRoot.Path, "local", "Storage");

    private static readonly NodePackages Packages = new(
        "the local storage server (Azurite)", SourceFolder, Path.Combine(RepositoryRoot.Path, "artifacts", "azurite"));

    /// <summary>Gets the path of Azurite's blob server script. Installs Azurite first if necessary.</summary>
    /// <exception cref="MissingToolException">Node or npm is missing or too old, or the installation failed.</exception>
    public static async Task<string> EnsureAsync(Action<string>? onProgress, CancellationToken cancellationToken)
    {
        string installed = await Packages.EnsureAsync(
            () => onProgress?.Invoke("Installing the local storage server (Azurite, from npm), once: about 20 seconds, 190 MB"),
            cancellationToken);
        return Path.Combine(installed, "node_modules", "azurite", "dist", "src", "blob", "main.js");
    }
}
