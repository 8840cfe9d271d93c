using System.Collections.Concurrent;
using System.Reflection;
using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Carries out the runs that are not in the store yet.</summary>
/// <param name="training">Rows to learn from.</param>
/// <param name="validation">Rows to measure on.</param>
/// <param name="store">Where runs are kept.</param>
/// <param name="say">Receives progress lines, from several threads.</param>
internal sealed class AccuracyRunner(PreparedDataset training, PreparedDataset validation, RunStore store, Action<string> say)
{
    /// <summary>Measurements of each entry's speed, in turns, after one to warm up.</summary>
    private const int SpeedMeasurements = 5;

    /// <summary>The most trainings at a time: each takes a gigabyte.</summary>
    private const int MostSideBySide = 8;

    private static readonly Device Cpu = new("cpu");

    /// <summary>Measures the speeds first, while nothing else runs. On a CPU, trainings then run side by side with a share of the cores
    /// each: that is faster than one after the other on all cores. They run seed by seed, so every entry has an early result.</summary>
    /// <param name="plan">All runs' settings.</param>
    /// <param name="entries">What to train.</param>
    /// <param name="kept">Called after each run, by one thread at a time.</param>
    /// <param name="cancellationToken">Stops between two steps; unfinished runs are lost.</param>
    public async Task RunAsync(RunPlan plan, IReadOnlyList<AccuracyEntry> entries, Action kept, CancellationToken cancellationToken)
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
        if (missing.Length == 0)
            return;
        Dictionary<string, EntrySpeed> speeds = await TorchThread.RunAsync(
            () => Speeds(plan, [.. missing.Select(run => run.Entry).Distinct()], cancellationToken));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new ConcurrentQueue<(AccuracyEntry Entry, RunSettings Settings)>(missing);
        var done = new Lock();
        int threads = get_num_threads();
        int sideBySide = new Device(plan.Device).type == DeviceType.CPU ? Math.Clamp(threads, 1, MostSideBySide) : 1;
        await Task.WhenAll(Enumerable.Range(0, sideBySide).Select(_ => TorchThread.RunAsync(() =>
        {
            set_num_threads(Math.Max(1, threads / sideBySide));
            using TrainingData measured = LabelledRows.Read(validation, RowChoice.All).ToTrainingData(Cpu);
            try
            {
                while (queue.TryDequeue(out (AccuracyEntry Entry, RunSettings Settings) run))
                {
                    AccuracyRun finished = Run(run.Entry, run.Settings, speeds[run.Entry.Name], measured, stop.Token);
                    lock (done)
                    {
                        store.Keep(finished);
                        kept();
                    }

                    say($"{queue.Count} more runs to begin");
                }
            }
            catch
            {
                stop.Cancel();
                throw;
            }

            return true;
        })));
    }

    private Dictionary<string, EntrySpeed> Speeds(RunPlan plan, IReadOnlyList<AccuracyEntry> entries, CancellationToken cancellationToken)
    {
        List<SpeedTrial> trials = [];
        try
        {
            foreach (AccuracyEntry entry in entries.Where(entry => store.FindSpeed(entry.Name, plan.ConditionsOf(entry)) is null))
                trials.Add(new SpeedTrial(entry, plan.ConditionsOf(entry), training));
            for (int i = 0; i <= SpeedMeasurements && trials.Count > 0; i++)
            {
                say($"Measuring speeds, {i} of {SpeedMeasurements}: leave the machine idle");
                trials.ForEach(trial => trial.Measure(cancellationToken));
            }

            trials.ForEach(trial => store.Keep(trial.Finish(validation)));
        }
        finally
        {
            trials.ForEach(trial => trial.Dispose());
        }

        return entries.ToDictionary(entry => entry.Name, entry => store.FindSpeed(entry.Name, plan.ConditionsOf(entry))!, StringComparer.Ordinal);
    }

    private AccuracyRun Run(
        AccuracyEntry entry, RunSettings settings, EntrySpeed speed, TrainingData measured, CancellationToken cancellationToken)
    {
        void Say(string line) => say($"{entry.Name}, seed {settings.Seed}: {line}");
        using TrainingData rows = LabelledRows.Read(training, entry.Rows, entry.RowCount, settings.Seed).ToTrainingData(new Device(settings.Device));
        using TrainingData? heldOut = entry.Rows == RowChoice.TwoRules ? TwoRules.HeldOut(training).Reported.ToTrainingData(Cpu) : null;
        using var trainer = new AccuracyTrainer(settings, speed, rows, heldOut ?? measured, Say);
        double rmse = trainer.Train(cancellationToken);
        string path = store.ModelPath(entry.Name, settings.Seed);
        var metadata = new ModelMetadata(
            rows.Schema, settings.Network, rmse, PreparedDatasetStore.Fingerprint([settings.TrainingData]));
        OnnxExporter.Export(trainer.Best, metadata, path);
        using KeypointModel model = KeypointModel.Open(path);
        EvaluationResult result = ModelEvaluator.Evaluate(model, validation, cancellationToken);
        Say($"exported, {result.Rmse:0.000} px");
        TwoRulesResult? twoRules = heldOut is null ? null : new TwoRulesResult(heldOut.Rows, rmse, PredictionError.Of(model, TwoRules.HeldOut(training).True));
        return new AccuracyRun(
            entry.Name,
            settings,
            rows.Rows,
            trainer.Epochs,
            speed.SecondsUntil(trainer.Epochs, trainer.Epochs),
            trainer.MirroredRmse,
            trainer.Curve,
            result,
            trainer.Best.ParameterCount,
            new FileInfo(path).Length,
            speed.MillisecondsPerImage,
            Machine.Describe(),
            typeof(TrainingSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            TimeProvider.System.GetUtcNow(),
            twoRules);
    }
}
