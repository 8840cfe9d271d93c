using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

public sealed class EpochPlanTests
{
    private static readonly TrainingSettings Defaults = new();

    [Theory]
    [InlineData(5, 1_200, 1_200)]
    [InlineData(50, 1_200, 1_200)]
    [InlineData(100, 1_200, 1_200)]
    [InlineData(300, 300, 1_200)]
    [InlineData(1_000, 150, 2_250)]
    [InlineData(2_891, 150, 6_750)]
    [InlineData(7_049, 61, 6_710)]
    [InlineData(200_000, 2, 6_250)]
    public void By_default_small_sets_have_enough_steps_and_large_sets_no_more_than_needed(int rows, int epochs, long steps)
    {
        var plan = new EpochPlan(Defaults, rows, validationRows: 0);

        Assert.Equal((epochs, steps), (plan.Epochs, plan.Steps));
    }

    [Fact]
    public void Stated_epochs_and_steps_are_kept_and_have_no_longest_time()
    {
        var epochs = new EpochPlan(Defaults with { Epochs = 3 }, trainingRows: 50, validationRows: 0);
        var steps = new EpochPlan(Defaults with { Steps = 100 }, trainingRows: 640, validationRows: 0);

        Assert.Equal((3, 3L, null), (epochs.Epochs, epochs.Steps, epochs.MostTime));
        Assert.Equal((10, 100L, null), (steps.Epochs, steps.Steps, steps.MostTime));
        Assert.False(epochs.Follow(Epoch(1, seconds: 1e6)));
        Assert.Equal(3, epochs.Epochs);
    }

    [Theory]
    [InlineData(2_891, 675, 1)]
    [InlineData(900, 100, 1)]
    [InlineData(50, 675, 27)]
    [InlineData(100, 675, 22)]
    public void Validation_waits_for_twice_as_many_training_rows_as_it_has_and_never_misses_the_last_epoch(int rows, int validation, int every)
    {
        var plan = new EpochPlan(Defaults with { Epochs = every + 1 }, rows, validation);

        int[] validated = [.. Enumerable.Range(1, plan.Epochs).Where(plan.ValidatesAfter)];

        Assert.Equal(every, plan.ValidatesEvery);
        Assert.Equal([every, every + 1], validated);
        Assert.DoesNotContain(Enumerable.Range(1, 9), new EpochPlan(Defaults, rows, validationRows: 0).ValidatesAfter);
    }

    [Fact]
    public void A_machine_that_is_fast_enough_never_changes_the_plan()
    {
        var plan = new EpochPlan(Defaults, trainingRows: 2_891, validationRows: 0);
        double seconds = TrainingLength.MostTime.TotalSeconds / plan.Epochs;

        Assert.DoesNotContain(Enumerable.Range(1, plan.Epochs), epoch => plan.Follow(Epoch(epoch, seconds)));
        Assert.Equal(150, plan.Epochs);
    }

    [Fact]
    public void A_slow_first_epoch_does_not_shorten_the_training()
    {
        var plan = new EpochPlan(Defaults, trainingRows: 50, validationRows: 0);

        Assert.False(plan.Follow(Epoch(1, seconds: 60)));
    }

    [Fact]
    public void A_machine_that_is_too_slow_ends_in_time_after_a_validated_epoch()
    {
        var plan = new EpochPlan(Defaults, trainingRows: 2_891, validationRows: 675);
        double seconds = 2 * TrainingLength.MostTime.TotalSeconds / plan.Epochs;

        int epoch = 0;
        while (epoch < plan.Epochs)
            plan.Follow(Epoch(++epoch, seconds));

        Assert.Equal(75, epoch);
        Assert.True(plan.ValidatesAfter(75));
    }

    [Fact]
    public void Once_the_time_is_over_one_last_epoch_follows()
    {
        var plan = new EpochPlan(Defaults, trainingRows: 2_891, validationRows: 0);

        Assert.True(plan.Follow(Epoch(1, TrainingLength.MostTime.TotalSeconds * 3)));
        Assert.Equal(2, plan.Epochs);
        Assert.False(plan.Follow(Epoch(2, TrainingLength.MostTime.TotalSeconds * 3)));
        Assert.Equal(2, plan.Epochs);
    }

    [Fact]
    public void It_says_steps_epochs_longest_time_and_validation()
    {
        Assert.Equal(
            "1,200 steps in 1,200 epochs, at most 2 hours; validation after every 27 epochs", new EpochPlan(Defaults, 50, 675).ToString());
        Assert.Equal("4 steps in 4 epochs", new EpochPlan(Defaults with { Epochs = 4 }, 50, 0).ToString());
    }

    private static EpochMetrics Epoch(int number, double seconds) => new(number, 0, 0, null, seconds, 100);
}
