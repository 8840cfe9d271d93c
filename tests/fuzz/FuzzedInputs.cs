using Xunit;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Feeds inputs as the long run does, but in this process.</summary>
internal static class FuzzedInputs
{
    public static async Task<FuzzTally> AssertNothingBreaksAsync(IFuzzTarget target, int count, Func<long, FuzzInput> create)
    {
        var failures = new List<FuzzFailure>();
        using var made = new MadeInputs(target, create);
        var runner = new FuzzRunner(made, seed: 0, failures.Add);
        for (long number = 0; number < count; number++)
            await runner.RunAsync(number, TestContext.Current.CancellationToken);

        Assert.Empty(failures);
        Assert.Equal(count, runner.Tally.Inputs);
        return runner.TakeTally();
    }

    /// <summary>A reader whose inputs a test creates.</summary>
    private sealed class MadeInputs(IFuzzTarget inner, Func<long, FuzzInput> create) : IFuzzTarget
    {
        public string Name => inner.Name;

        // Tests do not measure time: their machine may be busy.
        public TimeSpan Patience => TimeSpan.FromMinutes(1);

        public long MemoryCeiling => inner.MemoryCeiling;

        public FuzzInput Create(int seed, long number) => create(number);

        public Task<FuzzVerdict> FeedAsync(FuzzInput input, bool inPieces, CancellationToken cancellationToken) =>
            inner.FeedAsync(input, inPieces, cancellationToken);

        public void Dispose() => inner.Dispose();
    }
}
