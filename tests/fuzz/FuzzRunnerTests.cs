using KeypointPipeline.Fuzz.Tests.Datasets;
using KeypointPipeline.Fuzz.Tests.Images;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Fuzz.Tests;

public sealed class FuzzRunnerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exception_is_a_broken_promise()
    {
        FuzzFailure failure = await FailureOfAsync((_, _) => throw new InvalidOperationException("the door fell off"));

        Assert.StartsWith("System.InvalidOperationException: the door fell off", failure.What, StringComparison.Ordinal);
        Assert.EndsWith("(a.bin, 3 bytes: made up)", failure.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The reason is empty.")]
    [InlineData(" ", "The reason is empty.")]
    [InlineData("a\nb", "The reason has control characters: a\nb")]
    public async Task A_refusal_without_a_reason_fit_for_people_is_a_broken_promise(string reason, string what)
    {
        FuzzFailure failure = await FailureOfAsync((_, _) => FuzzVerdict.Refused(reason));

        Assert.StartsWith(what, failure.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_differs_the_second_time_is_a_broken_promise()
    {
        FuzzFailure failure = await FailureOfAsync((_, inPieces) => inPieces ? FuzzVerdict.Refused("no") : FuzzVerdict.Accepted([1]));

        Assert.StartsWith("The outcome differs the second time: accepted; in pieces: no", failure.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_that_is_slow_twice_is_a_broken_promise()
    {
        FuzzFailure failure = await FailureOfAsync(
            (_, _) =>
            {
                Thread.Sleep(20);
                return FuzzVerdict.Accepted([1]);
            },
            patience: TimeSpan.FromMilliseconds(1));

        Assert.EndsWith("s are allowed.", failure.What.Split(Environment.NewLine)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasons_are_counted_by_kind()
    {
        using var target = new Door((input, _) => input.Content[0] < 3 ? FuzzVerdict.Refused($"Row {input.Content[0]} says '{input.Content[0]}'.") : FuzzVerdict.Accepted([1]));
        var runner = new FuzzRunner(target, 1, failure => Assert.Fail(failure.What));
        for (int number = 0; number < 10; number++)
            await runner.RunAsync(number, Cancel);

        FuzzTally tally = runner.TakeTally();

        Assert.Equal((10, 7), (tally.Inputs, tally.Accepted));
        Assert.Equal(new KeyValuePair<string, long>("Row … says ….", 3), Assert.Single(tally.Reasons));
        Assert.Equal(0, runner.Tally.Inputs);
    }

    [Fact]
    public void Tallies_of_several_processes_add_up()
    {
        var sum = new FuzzTally();
        foreach (int number in (int[])[1, 2])
        {
            sum.Add(new FuzzTally
            {
                Inputs = 10,
                Accepted = 4,
                PeakBytes = 100 * number,
                SlowestSeconds = number,
                SlowestNumber = number,
                Reasons = { ["no"] = 3 },
            });
        }

        Assert.Equal((20, 8, 200, 6), (sum.Inputs, sum.Accepted, sum.PeakBytes, sum.Reasons["no"]));
        Assert.Equal((2, 2), (sum.SlowestSeconds, sum.SlowestNumber));
    }

    [Theory]
    [InlineData(DatasetTarget.TargetName)]
    [InlineData(ImageTarget.TargetName)]
    public void A_number_makes_the_same_input_in_every_process_and_another_seed_another(string name)
    {
        using IFuzzTarget target = FuzzTargets.Open(name);
        using IFuzzTarget other = FuzzTargets.Open(name);

        for (long number = 0; number < 50; number++)
        {
            FuzzInput input = target.Create(1, number);
            Assert.Equal((input.Name, input.Recipe), (other.Create(1, number).Name, other.Create(1, number).Recipe));
            Assert.Equal(input.Content, other.Create(1, number).Content);
        }

        Assert.NotEqual(
            Enumerable.Range(0, 20).Select(number => target.Create(1, number).Recipe), Enumerable.Range(0, 20).Select(number => target.Create(2, number).Recipe));
    }

    [Fact]
    public async Task A_broken_promise_is_kept_with_the_command_that_repeats_it()
    {
        using TemporaryFolder folder = TestFolder.Create("failures");
        using var target = new DatasetTarget();

        string told = new FailureFolder(folder.Path, seed: 7).Keep(new FuzzFailure(DatasetTarget.TargetName, 11, "what happened"));

        Assert.Contains("./keypoints test fuzz --seed 7 --replay datasets:11", told, StringComparison.Ordinal);
        FuzzInput input = target.Create(7, 11);
        string kept = Assert.Single(Directory.GetFiles(folder.Path), path => !path.EndsWith(".txt", StringComparison.Ordinal));
        Assert.Equal(input.Content, await File.ReadAllBytesAsync(kept, Cancel));
        Assert.Contains("what happened", await File.ReadAllTextAsync(folder.File("datasets-7-11.txt"), Cancel), StringComparison.Ordinal);
    }

    private static async Task<FuzzFailure> FailureOfAsync(Func<FuzzInput, bool, FuzzVerdict> feed, TimeSpan? patience = null)
    {
        using var target = new Door(feed, patience);
        var failures = new List<FuzzFailure>();
        await new FuzzRunner(target, 1, failures.Add).RunAsync(0, Cancel);
        FuzzFailure failure = Assert.Single(failures);
        Assert.Equal(("door", 0), (failure.Target, failure.Number));
        return failure;
    }

    /// <summary>A reader that does what a test says.</summary>
    private sealed class Door(Func<FuzzInput, bool, FuzzVerdict> feed, TimeSpan? patience = null) : IFuzzTarget
    {
        public string Name => "door";

        public TimeSpan Patience => patience ?? TimeSpan.FromMinutes(1);

        public long MemoryCeiling => long.MaxValue;

        public FuzzInput Create(int seed, long number) => new("a.bin", [(byte)number, 2, 3], "made up");

        public Task<FuzzVerdict> FeedAsync(FuzzInput input, bool inPieces, CancellationToken cancellationToken) => Task.FromResult(feed(input, inPieces));

        public void Dispose()
        {
        }
    }
}
