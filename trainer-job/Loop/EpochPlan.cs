using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The number of steps and epochs of a training, and the epochs after which it is validated.</summary>
/// <remarks>Everything follows from the settings and the numbers of rows, so the same seed gives the same model. Only a machine that
/// needs more than <see cref="TrainingLength.MostTime"/> shortens a training whose length nobody stated. That too follows from the metrics
/// of the completed epochs, so a training that continues from a checkpoint has the same plan.</remarks>
public sealed class EpochPlan
{
    /// <summary>A validation row costs about a third of a training row. With this many times more training rows than validation rows between
    /// two validations, these take about a sixth of the training's time at most.</summary>
    private const int TrainedPerValidated = 2;

    /// <summary>Share of the longest time after which the speed is known. The first epochs are slower than the others.</summary>
    private const double MeasuredShare = 0.05;

    /// <summary>Larger batches predict no faster.</summary>
    public const int MostEvaluationRows = 64;

    private readonly bool _validates;
    private double _seconds;

    /// <summary>Plans a training.</summary>
    /// <param name="settings">The settings that people choose.</param>
    /// <param name="trainingRows">Number of training rows, at least 1.</param>
    /// <param name="validationRows">Number of validation rows; 0 for a training without validation.</param>
    public EpochPlan(TrainingSettings settings, int trainingRows, int validationRows)
    {
        BatchRows = Math.Min(settings.BatchSize, trainingRows);
        EvaluationRows = Math.Min(settings.BatchSize, MostEvaluationRows);
        StepsPerEpoch = trainingRows / BatchRows;
        Epochs = TrainingLength.EpochsOf(settings, StepsPerEpoch);
        MostTime = settings.Epochs is null && settings.Steps is null ? TrainingLength.MostTime : null;
        _validates = validationRows > 0;
        long trained = (long)StepsPerEpoch * BatchRows;
        ValidatesEvery = (int)Math.Max(1, (((long)TrainedPerValidated * validationRows) + trained - 1) / trained);
    }

    /// <summary>Rows in each step. Rows that do not fill a step are left out of their epoch.</summary>
    public int BatchRows { get; }

    /// <summary>Rows that are predicted at once for validation and for the teacher. A smaller batch size makes these smaller too, because it
    /// is chosen where memory is short.</summary>
    public int EvaluationRows { get; }

    /// <summary>Steps in an epoch, at least 1.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Epochs of the whole training.</summary>
    public int Epochs { get; private set; }

    /// <summary>Steps of the whole training.</summary>
    public long Steps => (long)StepsPerEpoch * Epochs;

    /// <summary>The longest time of the training; null if the settings state its length.</summary>
    public TimeSpan? MostTime { get; }

    /// <summary>Epochs from one validation to the next. The last epoch is always validated.</summary>
    public int ValidatesEvery { get; }

    /// <summary>Whether the training is validated after an epoch.</summary>
    /// <param name="epoch">From 1.</param>
    public bool ValidatesAfter(int epoch) => _validates && (epoch % ValidatesEvery == 0 || epoch >= Epochs);

    /// <summary>Shortens the training if it would take longer than <see cref="MostTime"/>. At least one more epoch remains, in which the
    /// learning rate falls to zero. Call this after every epoch, in order.</summary>
    /// <param name="completed">The metrics of the epoch.</param>
    /// <returns>Whether the training became shorter.</returns>
    public bool Follow(EpochMetrics completed)
    {
        _seconds += completed.Seconds;
        if (MostTime is not TimeSpan most || completed.Epoch >= Epochs || _seconds < MeasuredShare * most.TotalSeconds)
            return false;
        int before = Epochs;
        int fitting = (int)(most.TotalSeconds * completed.Epoch / _seconds);
        Epochs = Math.Min(Epochs, Math.Max(completed.Epoch + 1, fitting));
        return Epochs < before;
    }

    /// <summary>Describes the plan, for example <c>1,200 steps in 1,200 epochs, at most 2 hours; validation after every 27 epochs</c>.</summary>
    public override string ToString()
    {
        string time = MostTime is TimeSpan most ? $", at most {most.TotalHours:0.#} hours" : "";
        string validation = !_validates ? "" : ValidatesEvery == 1 ? "; validation after every epoch" : $"; validation after every {ValidatesEvery:N0} epochs";
        return $"{Steps:N0} steps in {Epochs:N0} epochs{time}{validation}";
    }
}
