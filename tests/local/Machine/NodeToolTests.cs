using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Machine;

public sealed class NodeToolTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_Node_the_error_says_what_it_is_needed_for()
    {
        using TemporaryFolder home = TestFolder.Create("no-node");
        var nothingOnThePath = new Dictionary<string, string> { ["PATH"] = home.Path };

        ToolOutcome outcome = await CapturedProcess.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), "up", "--home", home.Path], workingFolder: null, nothingOnThePath, Cancel);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("keypoints: Node.js 20 or newer is needed for the local storage server (Azurite), but `node` cannot be started", outcome.Errors, StringComparison.Ordinal);
    }
}
