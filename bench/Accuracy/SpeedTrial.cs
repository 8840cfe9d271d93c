using System.Diagnostics;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Onnx;
using KeypointPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Measures how fast an entry trains: a few steps on a few rows, scaled to the steps of all its rows. Must run on the torch thread of an
/// otherwise idle machine.</summary>
internal sealed class SpeedTrial : IDisposable
{
    private const int Steps = 8;

    private readonly AccuracyEntry _entry;
    private readonly SpeedConditions _conditions;
    private readonly TrainingData _trial;
    private readonly TrainingSession _session;
    private readonly KeypointNetwork _network;
    private readonly LabelOffsets _offsets;
    private readonly TeacherLabels _teacher;
    private readonly int _allRows;
    private readonly int _allSteps;
    private readonly List<double> _epochs = [];
    private readonly List<double> _teachings = [];

    /// <summary>Prepares a measurement with an entry's first rows.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="conditions">The conditions of the measurement.</param>
    /// <param name="training">The dataset it learns from.</param>
    public SpeedTrial(AccuracyEntry entry, SpeedConditions conditions, PreparedDataset training)
    {
        LabelledRows rows = LabelledRows.Read(training, entry.Rows, entry.RowCount);
        int batch = new TrainingSettings().BatchSize;
        _allRows = rows.Count;
        _allSteps = StepsPerEpoch(_allRows);
        _entry = entry;
        _conditions = conditions;
        _trial = rows.Take(Math.Min(_allRows, Steps * batch)).ToTrainingData(new Device(conditions.Device));
        // With so many epochs the teacher is not asked during the measurement.
        _session = new TrainingSession(
            new TrainingSettings(10_000, Network: entry.Network), _trial, validation: null, entry.Recipe, conditions.Precision);
        _network = NetworkRegistry.Create(entry.Network, _trial.Schema);
        _network.Initialize(1);
        _network.to(_trial.Device);
        _network.eval();
        _offsets = new LabelOffsets(_trial, _network);
        _teacher = new TeacherLabels(_trial, _offsets, conditions.Precision, EpochPlan.MostEvaluationRows);
    }

    /// <summary>Measures once more. The first measurement includes the start-up and does not count.</summary>
    public void Measure(CancellationToken cancellationToken)
    {
        _epochs.Add(Time(() => _session.RunEpoch(cancellationToken)));
        if (_entry.Recipe.TeacherFrom < 1)
            _teachings.Add(Time(() => _teacher.Refresh(_network, cancellationToken)));
    }

    /// <summary>Calculates the medians, scaled to all steps and rows, and measures how long a model of this network takes to predict.</summary>
    /// <param name="images">Rows to predict.</param>
    public EntrySpeed Finish(PreparedDataset images)
    {
        double teaching = _teachings.Count == 0 ? 0 : Median(_teachings) * _allRows / _trial.Rows;
        return new EntrySpeed(
            _entry.Name, _conditions, Median(_epochs) * _allSteps / StepsPerEpoch(_trial.Rows), teaching, TimePrediction(images));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacher.Dispose();
        _offsets.Dispose();
        _network.Dispose();
        _session.Dispose();
        _trial.Dispose();
    }

    private double TimePrediction(PreparedDataset images)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        string model = folder.File("untrained.onnx");
        OnnxExporter.Export(
            _session.Best, new ModelMetadata(_trial.Schema, _entry.Network, 0, PreparedDatasetStore.Fingerprint([_conditions.TrainingData])), model);
        return PredictionTime.OfImage(model, images);
    }

    private double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        if (_trial.Device.type == DeviceType.CUDA)
            cuda.synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static int StepsPerEpoch(int rows) => new EpochPlan(new TrainingSettings(), rows, validationRows: 0).StepsPerEpoch;

    private static double Median(List<double> seconds) => BenchRow.MedianOf(seconds[1..]);
}
