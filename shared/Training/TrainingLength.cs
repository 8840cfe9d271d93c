namespace KeypointPipeline.Training;

/// <summary>How long a training is when its settings state neither epochs nor steps.</summary>
/// <remarks>A small set needs many epochs, because each has few steps: 50 rows have one step in an epoch, and 150 steps are far too few
/// (<c>docs/accuracy.md</c>, "Small sets"). A large set needs few epochs.</remarks>
public static class TrainingLength
{
    /// <summary>Passes over the rows, within the limits of <see cref="FewestSteps"/> and <see cref="MostSteps"/>.</summary>
    public const int Epochs = 150;

    /// <summary>Steps of a training on few rows.</summary>
    public const int FewestSteps = 1_200;

    /// <summary>Steps of a training on many rows: those of 150 epochs on 2,891 rows.</summary>
    public const int MostSteps = 6_750;

    /// <summary>The training is shortened if it would take longer than this.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromHours(2);

    /// <summary>The default in words, for help texts.</summary>
    public static string Description { get; } =
        FormattableString.Invariant($"{Epochs}, but at least {FewestSteps:N0} and at most {MostSteps:N0} steps, and at most {MostTime.TotalHours:0} hours");

    /// <summary>The number of epochs of a training.</summary>
    /// <param name="settings">The settings. Stated epochs or steps are kept.</param>
    /// <param name="stepsPerEpoch">Steps that an epoch has, at least 1.</param>
    public static int EpochsOf(TrainingSettings settings, int stepsPerEpoch)
    {
        if (settings.Epochs is int epochs)
            return epochs;
        long steps = settings.Steps ?? Math.Clamp((long)Epochs * stepsPerEpoch, FewestSteps, MostSteps);
        return (int)Math.Max(1, (steps + (stepsPerEpoch / 2)) / stepsPerEpoch);
    }
}
