using KeypointPipeline.Images;
using KeypointPipeline.TrainerJob.Augmentation;
using KeypointPipeline.TrainerJob.Losses;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The settings of the optimization that people do not choose.</summary>
/// <param name="LearningRate">The highest learning rate, after the warm-up.</param>
/// <param name="WarmUpShare">Share of all steps in which the learning rate rises from zero.</param>
/// <param name="WeightDecay">Weight decay of AdamW.</param>
/// <param name="AverageDecay">Share of the averaged weights that a late step keeps.</param>
/// <param name="Error">How an error becomes a loss.</param>
/// <param name="Augments">Whether batches are augmented.</param>
/// <param name="LearnsOffsets">Whether <see cref="LabelOffsets"/> are learned.</param>
/// <param name="LabelExponent">How much more often rows with many labels come up. See <see cref="RowSampler"/>.</param>
/// <param name="TeacherFrom">Share of the epochs after which <see cref="TeacherLabels"/> are learned too; 1 for never.</param>
/// <param name="Movement">The largest changes of the image's place; null for those of <see cref="AffineRange"/>.</param>
public sealed record TrainingRecipe(
    double LearningRate = 3e-3,
    double WarmUpShare = 0.05,
    double WeightDecay = 0.02,
    double AverageDecay = 0.998,
    ErrorMeasure Error = ErrorMeasure.BalancedHuber,
    bool Augments = true,
    bool LearnsOffsets = true,
    double LabelExponent = 0.5,
    double TeacherFrom = 0.15,
    AffineRange? Movement = null)
{
    /// <summary>How often the teacher labels the rows in a whole training, approximately.</summary>
    private const int TeacherRounds = 6;

    /// <summary>The recipe for a framing. A place that a person or a detector gave is never quite the place of the labels, so frames by box or
    /// points are shifted and scaled more.</summary>
    /// <param name="framing">The framing; null for <see cref="FramingKind.Given"/>.</param>
    public static TrainingRecipe For(Framing? framing) =>
        framing is { NeedsPlace: true } ? new TrainingRecipe(Movement: new AffineRange(Scale: 1.25, Shift: 0.1)) : new TrainingRecipe();

    /// <summary>Learning rate of a step: a linear rise, then half a cosine down to zero.</summary>
    /// <param name="step">0 to <paramref name="steps"/> − 1.</param>
    /// <param name="steps">Number of steps of the training.</param>
    public double RateAt(long step, long steps)
    {
        double warmUp = Math.Max(1, WarmUpShare * steps);
        double rise = Math.Min(1, (step + 1) / warmUp);
        double progress = Math.Max(0, step - warmUp) / Math.Max(1, steps - warmUp);
        return LearningRate * rise * 0.5 * (1 + Math.Cos(Math.PI * progress));
    }

    /// <summary>Decay of the weight average after a number of steps. It is low at first, so that the random start is forgotten soon.</summary>
    public double AverageDecayAt(long step) => Math.Min(AverageDecay, (1.0 + step) / (10.0 + step));

    /// <summary>Whether the teacher labels the rows before an epoch. The labels stay until it labels them again.</summary>
    /// <param name="epoch">0 to <paramref name="epochs"/> − 1.</param>
    /// <param name="epochs">Number of epochs of the training.</param>
    public bool AsksTeacherBefore(int epoch, int epochs)
    {
        int first = (int)Math.Ceiling(TeacherFrom * epochs);
        return epoch >= Math.Max(1, first) && (epoch - first) % Math.Max(1, epochs / TeacherRounds) == 0;
    }
}
