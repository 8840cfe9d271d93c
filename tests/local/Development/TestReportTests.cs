using KeypointPipeline.Local.Development;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Development;

public sealed class TestReportTests
{
    [Fact]
    public void A_report_is_counted_and_what_failed_is_named()
    {
        using TemporaryFolder folder = TestFolder.Create("report");
        string path = Path.Combine(folder.Path, "report.xml");
        File.WriteAllText(path, """
            <assemblies>
              <assembly total="4" passed="1" failed="1" skipped="1" errors="1">
                <errors><error type="assembly-cleanup" /></errors>
                <collection><test name="Good" result="Pass" /><test name="Bad &lt;1&gt;" result="Fail" /><test name="Left" result="Skip" /></collection>
              </assembly>
            </assemblies>
            """);

        TestReport report = TestReport.Read("Tests", path);

        Assert.Equal((1, 2, 1), (report.Passed, report.Failed, report.Skipped));
        Assert.Equal(["Bad <1>", "Tests: errors outside of tests: 1"], report.Failures);
    }

    [Fact]
    public void A_test_process_that_died_counts_as_a_failure()
    {
        TestReport report = TestReport.Read("Tests", "/nowhere/report.xml");

        Assert.Equal(1, report.Failed);
        Assert.Equal(["Tests ended without a report"], report.Failures);
    }
}
