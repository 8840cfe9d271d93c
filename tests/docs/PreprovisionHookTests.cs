using System.Globalization;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary><c>infra/hooks/preprovision.sh</c>, run against stand-ins for <c>az</c> and <c>azd</c>: the first month that it gives the budget,
/// and what must be installed. Azure refuses another first month for a budget that exists, and a past one for a new budget.</summary>
public sealed class PreprovisionHookTests
{
    private const string Az = """
        #!/bin/sh
        [ "$1" != rest ] && exit 0
        [ -n "$BUDGET_IN_AZURE" ] && echo "${BUDGET_IN_AZURE}T00:00:00Z" && exit 0
        echo 'Not Found' >&2
        exit 3
        """;

    private static string ThisMonth => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-01", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("", "", "this month")]
    [InlineData("", "2026-08-01", "this month")]
    [InlineData("2026-08-01", "2026-08-01", null)]
    [InlineData("2026-08-01", "", "2026-08-01")]
    [InlineData("2026-08-01", "2026-09-01", "2026-08-01")]
    public async Task A_budget_keeps_its_first_month_and_a_new_one_starts_now(string inAzure, string inAzd, string? expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        using TemporaryFolder folder = TestFolder.Create("budget-hook");
        await WriteProgramAsync(folder.File("az"), Az);
        await WriteProgramAsync(folder.File("azd"), "#!/bin/sh\necho \"$@\"\n");

        ToolOutcome outcome = await CapturedProcess.RunAsync(
            "sh",
            [Path.Combine(RepositoryRoot.Path, "infra", "hooks", "preprovision.sh")],
            workingFolder: null,
            new Dictionary<string, string>
            {
                ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                ["AZURE_SUBSCRIPTION_ID"] = "subscription",
                ["AZURE_ENV_NAME"] = "environment",
                ["BUDGET_START"] = inAzd,
                ["BUDGET_IN_AZURE"] = inAzure,
            },
            TestContext.Current.CancellationToken);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(
            expected is null ? "" : $"env set BUDGET_START {(expected == "this month" ? ThisMonth : expected)}", outcome.Output.Trim());
    }

    [Fact]
    public async Task Without_Node_nothing_is_provisioned()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        using TemporaryFolder folder = TestFolder.Create("node-hook");
        await WriteProgramAsync(folder.File("az"), Az);

        ToolOutcome outcome = await CapturedProcess.RunAsync(
            "/bin/sh",
            [Path.Combine(RepositoryRoot.Path, "infra", "hooks", "preprovision.sh")],
            workingFolder: null,
            new Dictionary<string, string> { ["PATH"] = folder.Path, ["AZURE_SUBSCRIPTION_ID"] = "subscription" },
            TestContext.Current.CancellationToken);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Install it from https://nodejs.org", outcome.Errors, StringComparison.Ordinal);
    }

    private static async Task WriteProgramAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
