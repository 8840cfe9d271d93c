using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>The types of the page's JavaScript, which stand in its comments.</summary>
public sealed class TypeTests
{
    [Fact]
    public async Task TypeScript_finds_no_error_in_the_page()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string source = Path.Combine(RepositoryRoot.Path, "tests", "page");
        string packages = await new NodePackages("the type checker of the page", source, Path.Combine(RepositoryRoot.Path, "artifacts", "page-types"))
            .EnsureAsync(() => { }, cancel);

        ToolOutcome outcome = await CapturedProcess.RunAsync(
            "node",
            [Path.Combine(packages, "node_modules", "typescript", "bin", "tsc"), "--project", Path.Combine(RepositoryRoot.Path, "shared", "Page")],
            workingFolder: null,
            environment: null,
            cancel);

        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
    }
}
