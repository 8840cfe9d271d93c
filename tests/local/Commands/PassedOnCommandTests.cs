using System.CommandLine;
using KeypointPipeline.Local.Commands;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands;

public sealed class PassedOnCommandTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--unknown", "x")]
    [InlineData("--out=my model", "--data", "verb")]
    [InlineData("one", "--", "--two")]
    [InlineData]
    public async Task Everything_after_the_verb_is_passed_on_unchanged(params string[] arguments)
    {
        IReadOnlyList<string>? received = null;
        Command verb = PassedOnCommand.Create("verb", "A verb", (passed, _) =>
        {
            received = passed;
            return Task.FromResult(75);
        });

        int code = await new RootCommand { verb }.Parse(["verb", .. arguments])
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(75, code);
        Assert.Equal(arguments, received);
    }
}
