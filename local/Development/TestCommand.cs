using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Xml.Linq;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;

namespace KeypointPipeline.Local.Development;

/// <summary><c>keypoints test</c>: builds the solution and runs every test project, two at a time. <c>keypoints test NAME</c> runs one
/// project and passes everything after the name on to it.</summary>
internal static class TestCommand
{
    /// <summary>The project whose packages are not on every feed. The solution's build asks the feeds and keeps the answer.</summary>
    private const string OptionalProject = "functions";

    /// <summary>Projects that run at once. Tests that wait for a browser, a trainer or a host leave processors idle.</summary>
    private const int ProjectsAtOnce = 2;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "One folder of tests/. chaos and fuzz then run long: their --help lists the options. All others take xUnit's options.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var audit = new Option<bool>("--audit")
        {
            Description = "Also ask for known vulnerabilities of all packages. A vulnerability is a failure, a feed that cannot answer is not",
        };
        var command = new Command(
            "test",
            "Build everything and run all tests, against a real storage server on a free port\n\n"
            + "  keypoints test local -class KeypointPipeline.Local.Tests.Engine.StepTests\n"
            + "  keypoints test chaos --rounds 40")
        {
            name, audit,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.Options.Add(new HelpOption { Action = new HelpOfProject(name) });
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(name) is string chosen
            ? RunOneAsync(chosen, parsed, cancellationToken)
            : RunAllAsync(parsed.GetValue(audit), cancellationToken));
        return command;
    }

    private static Task<int> RunOneAsync(string name, ParseResult parsed, CancellationToken cancellationToken)
    {
        IReadOnlyList<TestProject> projects = TestProject.FindAll(RepositoryRoot.Path);
        TestProject project = projects.FirstOrDefault(project => project.Name == name)
            ?? throw new CommandException($"There are no tests named '{name}'. Choose one of: {string.Join(", ", projects.Select(project => project.Name))}.");
        IEnumerable<string> arguments = PassedOnCommand.ArgumentsAfter(parsed, name);
        return DotnetTool.RunProjectAsync(project.Path, project.RunsLong ? arguments.Prepend(name) : arguments, cancellationToken);
    }

    private static async Task<int> RunAllAsync(bool audit, CancellationToken cancellationToken)
    {
        string root = RepositoryRoot.Path;
        IReadOnlyList<TestProject> projects = TestProject.FindAll(root);
        Console.WriteLine("Building KeypointPipeline.sln");
        int built = await DotnetTool.RunAsync(
            ["build", "KeypointPipeline.sln", "--configuration", "Release", "--nologo", "--verbosity", "quiet"], cancellationToken);
        if (built != 0)
            throw new CommandException("The build failed; see above.");

        if (WhyFunctionsAreLeftOut(root) is string reason)
        {
            Console.WriteLine(reason);
            projects = [.. projects.Where(project => project.Name != OptionalProject)];
        }

        var reports = new TestReport[projects.Count];
        await Parallel.ForAsync(
            0,
            projects.Count,
            new ParallelOptions { MaxDegreeOfParallelism = ProjectsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => reports[i] = await RunProjectAsync(projects[i].AssemblyName, root, token));
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

    private static string? WhyFunctionsAreLeftOut(string root)
    {
        XElement answer = XDocument.Load(Path.Combine(root, "artifacts", "functions-packages.props")).Root!;
        if (answer.Descendants("FunctionsLeftOut").Single().Value == "true")
            return $"functions/ is left out: {answer.Descendants("FunctionsMissing").Single().Value}";
        return answer.Descendants("FunctionsTestsLeftOut").Single().Value == "true"
            ? "The tests of functions/ are left out: Microsoft.DurableTask.InProcessTestHost could not be restored."
            : null;
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

    /// <summary>Prints what the package feeds answer.</summary>
    /// <returns>How many kinds of packages have known vulnerabilities.</returns>
    private static async Task<int> AuditAsync(string root, CancellationToken cancellationToken)
    {
        Console.WriteLine("Auditing packages");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        AuditResult[] results =
        [
            await NuGetAudit.RunAsync(Path.Combine(root, "KeypointPipeline.sln"), http, cancellationToken),
            await NpmAudit.RunAsync("npm packages of the storage server", AzuriteInstallation.SourceFolder, NpmEnvironment.ForRegistry(), cancellationToken),
            await NpmAudit.RunAsync(
                "npm packages of the face finder", Path.Combine(root, "shared", "Finding", "Networks"), NpmEnvironment.ForRegistry(), cancellationToken),
        ];
        foreach (AuditResult result in results)
            Console.WriteLine(result.Text);
        return results.Count(result => result.Verdict == AuditVerdict.Vulnerable);
    }

    /// <summary>Prints this command's help, or lets a project print its own.</summary>
    private sealed class HelpOfProject(Argument<string?> name) : AsynchronousCommandLineAction
    {
        public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default) =>
            parseResult.GetValue(name) is string chosen
                ? await RunOneAsync(chosen, parseResult, cancellationToken)
                : new HelpAction().Invoke(parseResult);
    }
}
