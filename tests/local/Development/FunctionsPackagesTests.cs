using System.Text.Json;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Development;

/// <summary>The packages that <c>dotnet publish functions</c> restores in a clean clone, as azd runs it. No build of the solution has asked
/// which packages the feeds have.</summary>
public sealed class FunctionsPackagesTests
{
    private const string Scheduler = "Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged";
    private const string Worker = "Microsoft.Azure.Functions.Worker";

    /// <summary>Answers as <c>dotnet restore</c> of the probe does on a feed that lacks the scheduler's package.</summary>
    private const string WithoutScheduler = """case "$*" in *SchedulerLeftOut=true*) exit 0 ;; *) exit 1 ;; esac""";

    [Theory]
    [InlineData("exit 0", true, true)]
    [InlineData(WithoutScheduler, true, false)]
    [InlineData("exit 1", false, false)]
    public async Task Packages_that_no_feed_has_are_not_restored(string probe, bool worker, bool scheduler)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for the probe is a shell script.");
        using TemporaryFolder folder = TestFolder.Create("functions-packages");
        await File.WriteAllTextAsync(folder.File("probe.sh"), probe, TestContext.Current.CancellationToken);
        string answer = folder.File("functions-packages.props");

        ToolOutcome outcome = await CapturedProcess.RunAsync(
            "dotnet",
            [
                "msbuild", "functions/KeypointPipeline.Functions.csproj", "-t:CollectPackageReferences", "-getItem:PackageReference",
                "-p:MSBuildRestoreSessionId=test", $"-p:FunctionsAnswer={answer}", $"-p:ProbeRestore=sh '{folder.File("probe.sh")}'",
            ],
            RepositoryRoot.Path,
            environment: null,
            TestContext.Current.CancellationToken);

        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        string[] packages =
        [
            .. JsonDocument.Parse(outcome.Output).RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
                .Select(package => package.GetProperty("Identity").GetString()!),
        ];
        Assert.Equal((worker, scheduler), (packages.Contains(Worker), packages.Contains(Scheduler)));
        Assert.True(File.Exists(answer));
    }
}
