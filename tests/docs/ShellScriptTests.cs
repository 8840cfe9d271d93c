using KeypointPipeline.TestSupport.Documents;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>The reader of shell lines. A fault in it would hide commands from the other tests.</summary>
public sealed class ShellScriptTests
{
    [Fact]
    public void Words_quotes_comments_chains_and_continued_lines_are_read_as_a_shell_reads_them()
    {
        const string Script = """
            # a comment
            curl -d '{"force":true}' "a b" c\ d   # another
            az login && azd up; true
            long \
              --option

            KEY=1 ./keypoints up --port 0
            """;

        Assert.Equal(
            [
                ("page.md:11", "curl|-d|{\"force\":true}|a b|c d"),
                ("page.md:12", "az|login"),
                ("page.md:12", "azd|up"),
                ("page.md:12", "true"),
                ("page.md:14", "long|--option"),
                ("page.md:16", "./keypoints|up|--port|0"),
            ],
            Read(Script, line: 10));
    }

    [Fact]
    public void Commands_inside_a_substitution_are_commands_too()
    {
        Assert.Equal(
            [("page.md:1", "az|keys|list"), ("page.md:1", "curl|-H|key: $()")],
            Read("""curl -H "key: $(az keys list)" """, line: 1));
    }

    [Fact]
    public void An_open_quote_is_an_error_that_names_the_place()
    {
        var e = Assert.Throws<FormatException>(() => Read("echo 'open", line: 3));

        Assert.StartsWith("page.md:3:", e.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Place, string Words)> Read(string text, int line) =>
        ShellScript.Commands(new PagePart($"page.md:{line}", line, text))
            .Select(command => (command.Place, string.Join('|', [command.Program, .. command.Arguments])));
}
