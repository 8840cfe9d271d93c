using System.Globalization;
using System.Text.RegularExpressions;
using KeypointPipeline.Errors;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Memory;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Memory;

public sealed partial class MemoryCheckTests
{
    private const long GB = 1_000_000_000;

    private static readonly TrainingShape Large = TrainingMemoryTests.Shape("pyramid-resnet", 832, 747, batch: 64);

    [Fact]
    public void What_fits_or_is_not_known_passes()
    {
        MemoryCheck.Require(Large, new AvailableMemory(TrainingMemory.Estimate(Large).Total, "this machine"));
        MemoryCheck.Require(Large, available: null);
    }

    [Fact]
    public void A_refusal_names_the_estimate_what_is_available_and_what_would_fit()
    {
        TrainingMemory memory = TrainingMemory.Estimate(Large);
        var available = new AvailableMemory(2 * GB, "this machine");

        var refusal = Assert.Throws<DoesNotFitException>(() => MemoryCheck.Require(Large, available));

        Assert.Equal((ExitCodes.DoesNotFit, false), (refusal.ExitCode, refusal.Repeats));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"It needs about {memory.Total / 1e9:N1} GB; this machine has 2.0 GB available."), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("pyramid-resnet, 832×747 frames, 1,100 rows, 64 images a step", refusal.Message, StringComparison.Ordinal);
        int batch = int.Parse(BatchOption().Match(refusal.Message).Groups["size"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(batch, 1, 63);
        MemoryCheck.Require(Large with { BatchSize = batch }, available);
        Assert.Throws<DoesNotFitException>(() => MemoryCheck.Require(Large with { BatchSize = 2 * batch }, available));
    }

    [Fact]
    public void A_network_whose_checkpoint_cannot_be_written_is_refused_on_any_machine()
    {
        TrainingShape shape = TrainingMemoryTests.Shape("plain-cnn", 832, 747, batch: 1);

        var refusal = Assert.Throws<DoesNotFitException>(() => MemoryCheck.Require(shape, available: null));

        Assert.True(refusal.Repeats);
        Assert.Contains("A training of plain-cnn on 832×747 frames has", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the trainer can write 2.1 GB", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another network (ml-resnet or ml-resnet-plain or ml-resnet-small or pyramid-resnet)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("frames of 208×186", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--batch-size", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_fits_only_more_memory_helps()
    {
        var refusal = Assert.Throws<DoesNotFitException>(() => MemoryCheck.Require(Large, new AvailableMemory(1, "this container")));

        Assert.Contains("this container has 0 MB available. Use a machine with more memory.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12GB", 12_000_000_000)]
    [InlineData("1.5gb", 1_500_000_000)]
    [InlineData("900MB", 900_000_000)]
    public void The_user_can_state_the_limit(string wish, long expected)
    {
        Assert.Equal(new AvailableMemory(expected, "KEYPOINTS_MEMORY"), MemoryLimit.Find(wish, () => throw new InvalidOperationException()));
    }

    [Fact]
    public void Any_switches_the_check_off_and_auto_asks_the_system()
    {
        Assert.Null(MemoryLimit.Find("any", () => throw new InvalidOperationException()));
        Assert.Equal(new AvailableMemory(7, "this machine"), MemoryLimit.Find("auto", () => new AvailableMemory(7, "this machine")));
        Assert.Null(MemoryLimit.Find(null, () => null));
    }

    [Theory]
    [InlineData("12")]
    [InlineData("much")]
    [InlineData("-1GB")]
    public void A_limit_that_is_no_size_is_refused(string wish)
    {
        Assert.Contains(wish, Assert.Throws<UnusableDeviceException>(() => MemoryLimit.Find(wish, () => null)).Message, StringComparison.Ordinal);
    }

    [GeneratedRegex("--batch-size (?<size>[0-9]+)", RegexOptions.NonBacktracking)]
    private static partial Regex BatchOption();
}
