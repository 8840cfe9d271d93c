using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Trains an entry for a number of seconds, or for the default length if it learns from a number of drawn rows, and measures it meanwhile. Must run on the torch thread.</summary>
/// <param name="settings">The seconds and the seed.</param>
/// <param name="speed">The entry's speed, which gives the number of epochs.</param>
/// <param name="training">Rows to learn from.</param>
/// <param name="validation">Rows to measure on, on the CPU.</param>
/// <param name="say">Receives progress lines.</param>
internal sealed class AccuracyTrainer(
    RunSettings settings, EntrySpeed speed, TrainingData training, TrainingData validation, Action<string> say) : IDisposable
{
    /// <summary>About as many measurements as the curve has: each costs a pass over the validation rows.</summary>
    private const int Measurements = 36;

    private readonly List<CurvePoint> _curve = [];

    /// <summary>The averaged weights of the measurement with the lowest error, on the CPU.</summary>
    public KeypointNetwork Best { get; } = NetworkRegistry.Create(settings.Network, training.Schema);

    /// <summary>Passes over the rows: as many as take the settings' seconds on an otherwise idle machine, or the default. The number is fixed before the
    /// training, so the learning rate has a schedule, the result is deterministic and other programs do not change it.</summary>
    public int Epochs { get; } = settings.RowCount is null
        ? speed.EpochsIn(settings.Seconds)
        : new EpochPlan(new TrainingSettings(Network: settings.Network), training.Rows, validationRows: 0).Epochs;

    /// <summary>The error of <see cref="Best"/> averaged over each image and its mirror image, frame pixels. Known after
    /// <see cref="Train"/>.</summary>
    public double MirroredRmse { get; private set; }

    /// <summary>The measurements so far.</summary>
    public IReadOnlyList<CurvePoint> Curve => _curve;

    /// <summary>Trains to the end.</summary>
    /// <returns>The error of <see cref="Best"/> as exported, frame pixels.</returns>
    public double Train(CancellationToken cancellationToken)
    {
        say($"{Epochs} epochs of {speed.EpochSeconds:0.00} s on {training.Rows:N0} rows");
        int interval = Math.Max(1, Epochs / Measurements);
        using var session = new TrainingSession(
            new TrainingSettings(Epochs, settings.Seed, settings.Network), training, validation: null, settings.Recipe, settings.Precision);
        while (!session.IsDone)
        {
            session.RunEpoch(cancellationToken);
            if (session.Epoch % interval == 0 || session.IsDone)
                Measure(session, cancellationToken);
        }

        Best.eval();
        MirroredRmse = NetworkEvaluation.MirroredRmse(Best, validation, EpochPlan.MostEvaluationRows, cancellationToken)!.Value;
        return NetworkEvaluation.Finish(Best, validation, EpochPlan.MostEvaluationRows, cancellationToken).Rmse!.Value;
    }

    /// <inheritdoc/>
    public void Dispose() => Best.Dispose();

    private void Measure(TrainingSession session, CancellationToken cancellationToken)
    {
        double rmse = NetworkEvaluation.Rmse(session.Best, validation, EpochPlan.MostEvaluationRows, cancellationToken)!.Value;
        if (_curve.Count == 0 || rmse < _curve.Min(point => point.Rmse))
            NetworkWeights.Copy(session.Best, Best);
        double seconds = speed.SecondsUntil(session.Epoch, Epochs);
        _curve.Add(new CurvePoint(session.Epoch, seconds, ImagesPerEpoch * session.Epoch, rmse));
        say($"epoch {session.Epoch,4} of {Epochs}  {seconds,6:0} s  {rmse:0.000} px");
    }

    // All steps of a session have the same size: the remaining rows are left out until the next epoch.
    private long ImagesPerEpoch
    {
        get
        {
            int batch = Math.Min(new TrainingSettings().BatchSize, training.Rows);
            return training.Rows / batch * (long)batch;
        }
    }
}
