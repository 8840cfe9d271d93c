using System.Xml.Linq;

namespace KeypointPipeline.Local.Development;

/// <summary>The results of a test project, from xUnit's XML report.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed, and errors outside of them.</param>
/// <param name="Skipped">Tests that were skipped.</param>
/// <param name="Failures">The name of each test that failed.</param>
internal sealed record TestReport(int Passed, int Failed, int Skipped, IReadOnlyList<string> Failures)
{
    /// <summary>Reads a report.</summary>
    /// <param name="project">Whose report it is.</param>
    /// <param name="path">The report. If there is none, the test process died, which counts as a failure.</param>
    public static TestReport Read(string project, string path)
    {
        if (!File.Exists(path))
            return new TestReport(0, 1, 0, [$"{project} ended without a report"]);

        XElement[] assemblies = [.. XDocument.Load(path).Descendants("assembly")];
        int errors = Sum("errors");
        IEnumerable<string> failures = assemblies.Descendants("test")
            .Where(test => (string?)test.Attribute("result") == "Fail")
            .Select(test => (string)test.Attribute("name")!);
        if (errors > 0)
            failures = failures.Append($"{project}: errors outside of tests: {errors}");
        return new TestReport(Sum("passed"), Sum("failed") + errors, Sum("skipped"), [.. failures]);

        int Sum(string attribute) => assemblies.Sum(assembly => (int)assembly.Attribute(attribute)!);
    }
}
