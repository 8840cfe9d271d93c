using System.Diagnostics;
using System.Reflection;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Onnx;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Carries out the runs that are not in the store yet. On the torch thread.</summary>
/// <param name="training">Rows to learn from.</param>
/// <param name="validation">Rows to measure on.</param>
/// <param name="store">Where runs are kept.</param>
/// <param name="say">Takes lines for people.</param>
internal sealed class AccuracyRunner(PreparedDataset training, PreparedDataset validation, RunStore store, Action<string> say)
{
    private static readonly Device Cpu = new("cpu");

    /// <summary>Runs seed by seed, so that early on there is something of every entry.</summary>
    /// <param name="plan">All runs' settings.</param>
    /// <param name="entries">What to train.</param>
    /// <param name="kept">Called after each run.</param>
    /// <param name="cancellationToken">Stops between two steps; the run under way is lost.</param>
    public void Run(RunPlan plan, IReadOnlyList<AccuracyEntry> entries, Action kept, CancellationToken cancellationToken)
    {
        (AccuracyEntry Entry, RunSettings Settings)[] missing =
        [
            .. from seed in Enumerable.Range(1, plan.Seeds)
               from entry in entries
               let settings = plan.SettingsOf(entry, seed)
               where store.Find(entry.Name, settings) is null
               select (entry, settings),
        ];
        say($"{missing.Length} of {plan.Seeds * entries.Count} runs to do, {missing.Sum(run => run.Settings.Seconds) / 60:0.#} minutes of training");
        using TrainingData measured = LabelledRows.Read(validation, RowChoice.All).ToTrainingData(Cpu);
        var watch = Stopwatch.StartNew();
        double done = 0;
        for (int i = 0; i < missing.Length; i++)
        {
            (AccuracyEntry entry, RunSettings settings) = missing[i];
            say($"run {i + 1} of {missing.Length}");
            using (TrainingData rows = LabelledRows.Read(training, entry.Rows).ToTrainingData(new Device(settings.Device)))
                store.Keep(Run(entry, settings, rows, measured, cancellationToken));
            kept();
            done += settings.Seconds;
            double left = missing.Skip(i + 1).Sum(run => run.Settings.Seconds);
            say($"  about {watch.Elapsed.TotalMinutes / done * left:0} minutes left");
        }
    }

    private AccuracyRun Run(
        AccuracyEntry entry, RunSettings settings, TrainingData rows, TrainingData measured, CancellationToken cancellationToken)
    {
        using var trainer = new AccuracyTrainer(entry, settings, rows, measured, say);
        (int epochs, double seconds, double rmse) = trainer.Train(cancellationToken);
        string path = store.ModelPath(entry.Name, settings.Seed);
        var metadata = new ModelMetadata(
            rows.Schema, settings.Network, rmse, PreparedDatasetStore.Fingerprint([settings.TrainingData]));
        OnnxExporter.Export(trainer.Best, metadata, path);
        ModelMeasurement model = ModelMeasurement.Of(path, validation, cancellationToken);
        say($"  exported: {model.Validation.Rmse:0.000} px, {model.MillisecondsPerImage:0.00} ms per image");
        return new AccuracyRun(
            entry.Name,
            settings,
            rows.Rows,
            epochs,
            seconds,
            trainer.Curve,
            model.Validation,
            trainer.Best.ParameterCount,
            new FileInfo(path).Length,
            model.MillisecondsPerImage,
            Machine.Describe(),
            typeof(TrainingSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            TimeProvider.System.GetUtcNow());
    }
}
