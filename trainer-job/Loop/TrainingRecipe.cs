using KeypointPipeline.TrainerJob.Losses;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The numbers of the optimisation that people do not set.</summary>
/// <param name="LearningRate">The highest, after the warm-up.</param>
/// <param name="WarmUpShare">Share of all steps in which the rate rises from nothing.</param>
/// <param name="WeightDecay">AdamW's.</param>
/// <param name="AverageDecay">Share of the averaged weights kept in a step, once there have been many.</param>
/// <param name="Error">How an error becomes a loss.</param>
/// <param name="Augments">Whether every batch is augmented; without it, the rows are seen as they are.</param>
/// <param name="LearnsOffsets">Whether <see cref="LabelOffsets"/> are learnt.</param>
/// <param name="LabelExponent">How much more often rows with many labels come up, see <see cref="RowSampler"/>.</param>
/// <param name="TeacherFrom">Share of the epochs after which <see cref="TeacherLabels"/> are learnt too; 1 never does.</param>
public sealed record TrainingRecipe(
    double LearningRate = 3e-3,
    double WarmUpShare = 0.05,
    double WeightDecay = 0.02,
    double AverageDecay = 0.998,
    ErrorMeasure Error = ErrorMeasure.BalancedHuber,
    bool Augments = true,
    bool LearnsOffsets = true,
    double LabelExponent = 0.5,
    double TeacherFrom = 0.15)
{
    /// <summary>The teacher is asked about this many times over a whole training.</summary>
    private const int TeacherRounds = 6;

    /// <summary>Learning rate of a step: a straight rise, then half a cosine down to nothing.</summary>
    /// <param name="step">0 to <paramref name="steps"/> − 1.</param>
    /// <param name="steps">All steps of the training.</param>
    public double RateAt(long step, long steps)
    {
        double warmUp = Math.Max(1, WarmUpShare * steps);
        double rise = Math.Min(1, (step + 1) / warmUp);
        double progress = Math.Max(0, step - warmUp) / Math.Max(1, steps - warmUp);
        return LearningRate * rise * 0.5 * (1 + Math.Cos(Math.PI * progress));
    }

    /// <summary>Decay of the weight average after a number of steps: short at first, so that the random start is soon forgotten.</summary>
    public double AverageDecayAt(long step) => Math.Min(AverageDecay, (1.0 + step) / (10.0 + step));

    /// <summary>Whether the teacher is asked before an epoch; what it said stays until it is asked again.</summary>
    /// <param name="epoch">0 to <paramref name="epochs"/> − 1.</param>
    /// <param name="epochs">All epochs of the training.</param>
    public bool AsksTeacherBefore(int epoch, int epochs)
    {
        int first = (int)Math.Ceiling(TeacherFrom * epochs);
        return epoch >= Math.Max(1, first) && (epoch - first) % Math.Max(1, epochs / TeacherRounds) == 0;
    }
}
