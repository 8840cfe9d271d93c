using KeypointPipeline.Errors;
using KeypointPipeline.Local.Machine;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

public sealed class CommandPageTests
{
    [Fact]
    public void The_table_of_exit_codes_is_the_programs_list()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "command.md"));

        string[] rows = [.. page.Split('\n').SkipWhile(line => line != "| code | meaning |").Skip(2).TakeWhile(line => line.StartsWith('|'))];

        Assert.Equal(ExitCodes.All.Select(code => $"| {code.Code} | {code.Meaning} |"), rows);
    }
}
