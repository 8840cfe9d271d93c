using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Running;

public sealed class RunProgressTests
{
    [Fact]
    public void The_status_has_steps_epochs_and_the_longest_time_before_the_first_epoch_ends()
    {
        var progress = new RunProgress(epochs: 0);
        Assert.Equal(0, progress.StatusAt(default).Epochs);

        progress.Report(new EpochPlan(new TrainingSettings(), 300, 0), [], bestRmse: null);

        TrainingStatus status = progress.StatusAt(default);
        Assert.Equal((TrainingState.Running, 0, 300), (status.State, status.Epoch, status.Epochs));
        Assert.Equal((0L, 1_200L, 7_200.0), (status.Step!.Value, status.Steps!.Value, status.MostSeconds!.Value));
    }

    [Fact]
    public void The_time_left_counts_validations_that_come_now_and_then()
    {
        // Every third epoch takes 10 s because it is validated, the others 1 s: 4 s on average.
        var plan = new EpochPlan(new TrainingSettings(Epochs: 100), trainingRows: 10, validationRows: 15);
        Assert.Equal(3, plan.ValidatesEvery);
        EpochMetrics[] metrics = [.. Enumerable.Range(1, 50).Select(i => new EpochMetrics(i, 0, 1, i % 3 == 0 ? 2.5 : null, i % 3 == 0 ? 10 : 1, 100))];
        var progress = new RunProgress(epochs: 100);

        progress.Report(plan, metrics, bestRmse: 2.5);

        TrainingStatus status = progress.StatusAt(default);
        Assert.Equal(50 * 4, status.SecondsLeft!.Value, tolerance: 1e-9);
        Assert.Equal(2.5, status.ValidationRmse);
        Assert.Equal((50L, 100L), (status.Step!.Value, status.Steps!.Value));
        Assert.Null(status.MostSeconds);
    }
}
