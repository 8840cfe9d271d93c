using System.Diagnostics;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Trains an entry for a number of seconds, measuring on the way. On the torch thread.</summary>
/// <param name="entry">What is trained.</param>
/// <param name="settings">For how long, with which seed.</param>
/// <param name="training">Rows to learn from.</param>
/// <param name="validation">Rows to measure on, on the CPU.</param>
/// <param name="say">Takes lines for people.</param>
internal sealed class AccuracyTrainer(
    AccuracyEntry entry, RunSettings settings, TrainingData training, TrainingData validation, Action<string> say) : IDisposable
{
    /// <summary>The curve has about this many measurements: each costs a pass over the validation rows.</summary>
    private const int Measurements = 33;

    /// <summary>The speed is taken from at least this long and this many epochs; the first one pays for starting up.</summary>
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(5);
    private const int TrialEpochs = 2;

    private readonly List<CurvePoint> _curve = [];

    /// <summary>The averaged weights of the measurement with the lowest error, on the CPU.</summary>
    public KeypointNetwork Best { get; } = NetworkRegistry.Create(settings.Network, training.Schema);

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<CurvePoint> Curve => _curve;

    /// <summary>Trains to the end.</summary>
    /// <remarks>The number of epochs is chosen before, from a trial, so that the learning rate's schedule is known from the start and
    /// the training is deterministic, given that number. Validation is not part of the session, so that its time does not count.</remarks>
    /// <returns>Epochs and seconds trained, and the error of <see cref="Best"/> as it will be exported, frame pixels.</returns>
    public (int Epochs, double Seconds, double Rmse) Train(CancellationToken cancellationToken)
    {
        double secondsPerEpoch = TimeEpoch(cancellationToken);
        int epochs = Math.Max(1, (int)Math.Round(settings.Seconds / secondsPerEpoch));
        say($"{entry.Name}, seed {settings.Seed}: {epochs} epochs of {secondsPerEpoch:0.00} s on {training.Rows:N0} rows");

        int interval = Math.Max(1, epochs / Measurements);
        using TrainingSession session = Start(epochs);
        double seconds = 0;
        while (!session.IsDone)
        {
            seconds += session.RunEpoch(cancellationToken).Seconds;
            if (session.Epoch % interval == 0 || session.IsDone)
                Measure(session, seconds, cancellationToken);
        }

        Best.eval();
        return (epochs, seconds, Evaluation.Finish(Best, validation, cancellationToken)!.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => Best.Dispose();

    private double TimeEpoch(CancellationToken cancellationToken)
    {
        using TrainingSession trial = Start(epochs: 10_000);
        var watch = Stopwatch.StartNew();
        while (trial.Epoch < TrialEpochs || watch.Elapsed < TrialTime)
            trial.RunEpoch(cancellationToken);
        return trial.Metrics.Skip(1).Average(epoch => epoch.Seconds);
    }

    private void Measure(TrainingSession session, double seconds, CancellationToken cancellationToken)
    {
        double rmse = Evaluation.Rmse(session.Best, validation, cancellationToken)!.Value;
        if (_curve.Count == 0 || rmse < _curve.Min(point => point.Rmse))
            NetworkWeights.Copy(session.Best, Best);
        _curve.Add(new CurvePoint(session.Epoch, seconds, ImagesPerEpoch * session.Epoch, rmse));
        say($"  epoch {session.Epoch,5}  {seconds,6:0} s  {rmse:0.000} px");
    }

    private TrainingSession Start(int epochs) => new(
        new TrainingSettings(epochs, settings.Seed, settings.Network), training, validation: null, settings.Recipe, settings.Precision);

    // A session's steps are all of one size: what is left of the rows waits for another epoch's order.
    private long ImagesPerEpoch
    {
        get
        {
            int batch = Math.Min(new TrainingSettings().BatchSize, training.Rows);
            return training.Rows / batch * (long)batch;
        }
    }
}
