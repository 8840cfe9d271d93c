using KeypointPipeline.Errors;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Errors;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData(137, "killed (signal 9, most likely out of memory)")]
    [InlineData(139, "killed (signal 11, SIGSEGV)")]
    [InlineData(134, "killed (signal 6, SIGABRT)")]
    [InlineData(143, "killed (signal 15, SIGTERM)")]
    [InlineData(165, "killed (signal 37)")]
    [InlineData(0, null)]
    [InlineData(75, null)]
    [InlineData(128, null)]
    [InlineData(255, null)]
    [InlineData(-1, null)]
    public void A_signal_that_ended_a_process_is_described(int exitCode, string? expected)
    {
        Assert.Equal(expected, ExitCodes.DescribeSignal(exitCode));
    }

    [Fact]
    public void Every_code_is_listed_once_with_its_meaning()
    {
        int[] declared = [.. typeof(ExitCodes).GetFields().Where(field => field.Name != nameof(ExitCodes.SignalBase)).Select(field => (int)field.GetRawConstantValue()!)];

        Assert.Equal(declared.Order(), ExitCodes.All.Select(code => code.Code));
        Assert.All(ExitCodes.All, code => Assert.EndsWith(".", code.Meaning, StringComparison.Ordinal));
    }
}
