using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Writes the plan and a line per epoch. Trainings with very many short epochs have fewer lines.</summary>
/// <param name="output">Receives the lines.</param>
internal sealed class EpochLines(TextWriter output)
{
    /// <summary>Roughly the most lines of a training, besides those of its validations.</summary>
    private const int MostLines = 200;

    private bool _planWritten;

    /// <summary>Whether an epoch has a line: the first and the last have one, each validated one, and one in every few others.</summary>
    public static bool IsShown(EpochMetrics epoch, EpochPlan plan) =>
        epoch.Epoch == 1
        || epoch.Epoch >= plan.Epochs
        || (plan.ValidatesEvery > 1 && epoch.ValidationRmse is not null)
        || epoch.Epoch % ((plan.Epochs / MostLines) + 1) == 0;

    /// <summary>Writes the line of an epoch, if it has one. The first call writes the plan first.</summary>
    public void Write(EpochMetrics epoch, EpochPlan plan)
    {
        if (!_planWritten)
            output.WriteLine(plan);
        _planWritten = true;
        if (!IsShown(epoch, plan))
            return;
        string validation = epoch.ValidationRmse is double rmse ? $"  validation {rmse:0.000} px" : string.Empty;
        output.WriteLine($"epoch {epoch.Epoch} of {plan.Epochs}  loss {epoch.TrainingLoss:0.0000}{validation}  {epoch.ImagesPerSecond:0} images/s");
    }
}
