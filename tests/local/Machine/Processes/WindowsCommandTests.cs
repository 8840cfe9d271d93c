using KeypointPipeline.Local.Machine.Processes;
using Xunit;

namespace KeypointPipeline.Local.Tests.Machine.Processes;

public sealed class WindowsCommandTests
{
    [Fact]
    public void A_program_runs_without_input_and_appends_its_output() => Assert.Equal(
        """/d /s /c ""C:\Program Files\node.exe" "serve.cjs" "" "C:\my data\\" >>"C:\my data\log" 2>&1 <NUL" """.TrimEnd(),
        WindowsCommand.Logged(@"C:\my data\log", @"C:\Program Files\node.exe", ["serve.cjs", "", @"C:\my data\"]));

    [Fact]
    public void A_quotation_mark_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => WindowsCommand.Logged("log", "node", ["say \"hello\""]));

        Assert.Contains("'say \"hello\"' contains a quotation mark", error.Message, StringComparison.Ordinal);
    }
}
