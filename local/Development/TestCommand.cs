using System.CommandLine;
using System.Xml.Linq;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;

namespace KeypointPipeline.Local.Development;

/// <summary><c>keypoints test</c>: builds the solution and runs every test project, one after the other.</summary>
internal static class TestCommand
{
    private static readonly string[] Projects = ["Shared", "TrainerJob", "Local", "Bench", "EndToEnd"];

    /// <summary>Only where its packages restore: the solution's build has looked and left its answer there.</summary>
    private const string OptionalProject = "Functions";

    public static Command Create()
    {
        var audit = new Option<bool>("--audit")
        {
            Description = "Also ask for known vulnerabilities of all packages: one is a failure, a feed that cannot answer is not",
        };
        var command = new Command("test", "Build everything and run all tests, against a real storage server on a free port") { audit };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(audit), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(bool audit, CancellationToken cancellationToken)
    {
        string root = RepositoryRoot.Path;
        Console.WriteLine("Building KeypointPipeline.sln");
        int built = await DotnetTool.RunAsync(
            ["build", "KeypointPipeline.sln", "--configuration", "Release", "--nologo", "--verbosity", "quiet"], cancellationToken);
        if (built != 0)
            throw new CommandException("The build failed; see above.");

        string[] projects = Projects;
        XElement answer = XDocument.Load(Path.Combine(root, "artifacts", "functions-packages.props")).Root!;
        if (answer.Descendants("FunctionsLeftOut").Single().Value == "true")
            Console.WriteLine($"functions/ is left out: {answer.Descendants("FunctionsMissing").Single().Value}");
        else if (answer.Descendants("FunctionsTestsLeftOut").Single().Value == "true")
            Console.WriteLine("The tests of functions/ are left out: Microsoft.DurableTask.InProcessTestHost could not be restored.");
        else
            projects = [.. Projects, OptionalProject];

        var reports = new List<TestReport>();
        foreach (string project in projects)
            reports.Add(await RunProjectAsync($"KeypointPipeline.{project}.Tests", root, cancellationToken));
        int passed = reports.Sum(report => report.Passed);
        int failed = reports.Sum(report => report.Failed);
        int skipped = reports.Sum(report => report.Skipped);

        if (audit)
            failed += await AuditAsync(root, cancellationToken);
        foreach (string failure in reports.SelectMany(report => report.Failures))
            Console.WriteLine($"Failed: {failure}");
        Console.WriteLine($"{passed} passed, {failed} failed" + (skipped > 0 ? $", {skipped} skipped" : ""));
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static async Task<TestReport> RunProjectAsync(string name, string root, CancellationToken cancellationToken)
    {
        string tests = Path.Combine(root, "artifacts", "bin", name, "release", $"{name}.dll");
        string report = Path.Combine(root, "artifacts", "test-results", $"{name}.xml");
        Directory.CreateDirectory(Path.GetDirectoryName(report)!);
        File.Delete(report);
        Console.WriteLine($"Running {name}");
        await DotnetTool.RunAsync([tests, "-noLogo", "-noColor", "-result-xml", report], cancellationToken);
        return TestReport.Read(name, report);
    }

    /// <summary>Tells what the package feeds know.</summary>
    /// <returns>How many kinds of packages have known vulnerabilities.</returns>
    private static async Task<int> AuditAsync(string root, CancellationToken cancellationToken)
    {
        Console.WriteLine("Auditing packages");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        AuditResult[] results =
        [
            await NuGetAudit.RunAsync(Path.Combine(root, "KeypointPipeline.sln"), http, cancellationToken),
            await NpmAudit.RunAsync(AzuriteInstallation.SourceFolder, cancellationToken),
        ];
        foreach (AuditResult result in results)
            Console.WriteLine(result.Text);
        return results.Count(result => result.Verdict == AuditVerdict.Vulnerable);
    }
}
