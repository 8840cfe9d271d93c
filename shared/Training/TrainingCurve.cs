using KeypointPipeline.Plots;

namespace KeypointPipeline.Training;

/// <summary>Draws the metrics of a training.</summary>
public static class TrainingCurve
{
    /// <summary>The learning curve of a training.</summary>
    /// <param name="epochs">Its epochs in order, at least one.</param>
    public static LearningCurve Of(IReadOnlyList<EpochMetrics> epochs) =>
        new([.. epochs.Select(epoch => new LearningEpoch(epoch.Epoch, epoch.TrainingLoss, epoch.ValidationRmse))]);
}
