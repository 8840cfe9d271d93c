using KeypointPipeline.TrainerJob.Commands;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

public sealed class EpochLinesTests
{
    [Theory]
    [InlineData(2_891, 675, 151, 151)]
    [InlineData(50, 675, 50, 320)]
    public void A_training_has_its_plan_its_first_and_last_epoch_and_not_thousands_of_lines(int rows, int validationRows, int fewest, int most)
    {
        var plan = new EpochPlan(new TrainingSettings(), rows, validationRows);
        using var output = new StringWriter();
        var lines = new EpochLines(output);

        foreach (int epoch in Enumerable.Range(1, plan.Epochs))
            lines.Write(new EpochMetrics(epoch, 0, 0.5, plan.ValidatesAfter(epoch) ? 2 : null, 1, 100), plan);

        string[] written = output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(plan.ToString(), written[0]);
        Assert.StartsWith($"epoch 1 of {plan.Epochs}  loss 0.5000", written[1], StringComparison.Ordinal);
        Assert.Equal($"epoch {plan.Epochs} of {plan.Epochs}  loss 0.5000  validation 2.000 px  100 images/s", written[^1]);
        Assert.InRange(written.Length, fewest, most);
    }
}
