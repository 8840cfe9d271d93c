using KeypointPipeline.Errors;
using KeypointPipeline.Serialization;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Tests.Training;

public sealed class TrainingSettingsTests
{
    [Fact]
    public void Settings_of_earlier_versions_keep_their_epochs()
    {
        var read = PipelineJson.Read<TrainingSettings>("""{"epochs":150,"seed":1,"network":"pyramid-resnet","batchSize":64}""");

        Assert.Equal(new TrainingSettings(Epochs: 150), read);
        Assert.Equal(150, TrainingLength.EpochsOf(read, stepsPerEpoch: 1));
    }

    [Fact]
    public void Settings_without_epochs_have_the_default_length()
    {
        Assert.Equal(new TrainingSettings(), PipelineJson.Read<TrainingSettings>("{}"));
        Assert.DoesNotContain("epochs", PipelineJson.Write(new TrainingSettings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Status_and_metrics_of_earlier_versions_are_read()
    {
        var status = PipelineJson.Read<TrainingStatus>(
            """{"state":"running","heartbeatAt":"2026-11-26T20:00:00+00:00","epoch":3,"epochs":150,"validationRmse":2.5,"secondsLeft":60}""");
        var metrics = PipelineJson.Read<EpochMetrics>(
            """{"epoch":3,"learningRate":0.001,"trainingLoss":0.5,"validationRmse":2.5,"seconds":4,"imagesPerSecond":170}""");

        Assert.Equal((3, 150, null), (status.Epoch, status.Epochs, status.Steps));
        Assert.Equal((3, 2.5, null), (metrics.Epoch, metrics.ValidationRmse, metrics.Step));
    }

    [Theory]
    [InlineData(null, 0, "steps is 0; 1 to 1,000,000 are possible")]
    [InlineData(3, 10, "epochs and steps are both set; state one of them")]
    public void Steps_out_of_range_or_beside_epochs_are_refused(int? epochs, int steps, string expected)
    {
        var error = Assert.Throws<UserErrorException>(new TrainingSettings(epochs, Steps: steps).Validate);

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
