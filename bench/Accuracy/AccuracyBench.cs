using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Bench.Accuracy.Faces;
using KeypointPipeline.Bench.Accuracy.Reporting;
using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;
using KeypointPipeline.TrainerJob.Commands;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.Training;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Compares networks and recipes: the same data, the same training seconds, several seeds.</summary>
internal sealed class AccuracyBench : IBench
{
    public Command CreateCommand()
    {
        string entries = string.Join('\n', AccuracyEntries.All.Select(entry => $"  {entry.Name,-26}{entry.Description}"));
        var data = new Option<string>("--data") { Description = $"Data to train on: the folder data of udacity/P1_Facial_Keypoints, a labelled {FileNames.DatasetEndings}, or a prepared folder", Required = true };
        var validation = new Option<string?>("--validation") { Description = "Data to measure on, of other people: the same kinds of file. P1's folder has validation people of its own" };
        var test = new Option<bool>("--test") { Description = "Also measure the finished models on P1's test people. Use it once per release, and choose nothing by it" };
        var seeds = new Option<int>("--seeds") { Description = "Trainings per entry", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of each training on an otherwise idle machine, without validation", DefaultValueFactory = _ => 120 };
        var only = new Option<string?>("--only") { Description = "Names of the entries to train, separated by commas; without it, all except those on drawn rows and on two labelling rules. The report has every entry with finished runs" };
        var output = new Option<string>("--out")
        {
            Description = "Folder for runs, models and the report",
            DefaultValueFactory = _ => Path.Combine(RepositoryRoot.Path, "artifacts", "bench", "accuracy"),
        };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "accuracy",
            "Train networks and recipes for equal seconds, and compare what they predict\n\n"
            + "  keypoints bench accuracy --data P1_Facial_Keypoints/data\n"
            + "  keypoints bench accuracy --data training.zip --validation validation.zip\n\n"
            + "P1's frames (MIT licence) get Kaggle's 15 keypoints, and the training frames Kaggle's pattern of missing labels.\n"
            + "A hash of the person's name says whether a person's frames are for training, validation or test.\n\n"
            + "The speed of each entry is measured first, because it determines the number of epochs: leave the machine idle until then.\n"
            + "The trainings then run side by side. Other programs do not change their results.\n\n"
            + "A run in --out with the same settings is not repeated, so an interrupted comparison continues. Other settings replace\n"
            + $"the run. Changed code does not: choose another --out after a change. The entries:\n\n{entries}")
        {
            data, validation, test, seeds, seconds, only, output, json,
        };
        command.SetAction(async (parsed, cancellationToken) => await RunAsync(
            new AccuracyOptions(
                parsed.GetRequiredValue(data),
                parsed.GetValue(validation),
                parsed.GetValue(seeds),
                parsed.GetValue(seconds),
                parsed.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                Path.GetFullPath(parsed.GetRequiredValue(output)),
                parsed.GetValue(json),
                parsed.GetValue(test)),
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(AccuracyOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        IReadOnlyList<AccuracyEntry> entries = AccuracyEntries.Choose(options.Only);
        string prepared = Directory.CreateDirectory(Path.Combine(options.Folder, "prepared")).FullName;
        var datasets = new LocalDatasets(prepared, Console.Error, TimeProvider.System);
        P1Datasets? p1 = options.IsP1
            ? await P1Datasets.PrepareAsync(options.Data, Path.Combine(options.Folder, "data"), cancellationToken)
            : null;
        LocalDataset learned = await datasets.OpenAsync(p1?.Training ?? options.Data, new DatasetOptions(), cancellationToken);
        LocalDataset measured = await datasets.OpenAsync(p1?.Validation ?? options.Validation!, new DatasetOptions(), cancellationToken);
        if (!learned.Manifest.Schema.Equals(measured.Manifest.Schema))
            throw new InvalidDataException($"{options.Data} has {learned.Manifest.Schema} and {options.Validation} {measured.Manifest.Schema}, or other names. Both need the same columns and frame.");

        (Device device, ScalarType precision) = await TorchThread.RunAsync(() =>
        {
            Device device = TrainingDevice.Choose(Environment.GetEnvironmentVariable(TrainerVariables.Device));
            return (device, TrainingPrecision.Choose(Environment.GetEnvironmentVariable(TrainerVariables.Precision), device.type));
        });
        var plan = new RunPlan(
            options.Seconds, options.Seeds, learned.Manifest.DatasetId, measured.Manifest.DatasetId, device.ToString(), precision);
        var store = new RunStore(options.Folder);
        var report = new AccuracyReport(options.Folder, options.CommandLine, plan, store);
        using PreparedDataset training = PreparedDataset.Open(learned.Folder);
        using PreparedDataset validation = PreparedDataset.Open(measured.Folder);
        await new AccuracyRunner(training, validation, store, Console.Error.WriteLine)
            .RunAsync(plan, entries, report.WriteFigures, cancellationToken);
        report.WriteFigures();
        report.WriteWorstFaces(validation);
        if (options.MeasuresTest)
        {
            LocalDataset held = await datasets.OpenAsync(p1!.Test, new DatasetOptions(), cancellationToken);
            using PreparedDataset test = PreparedDataset.Open(held.Folder);
            report.MeasureTest(test, cancellationToken);
            report.WriteFigures();
        }

        AccuracySummary summary = report.Summarize();
        Console.WriteLine(options.AsJson ? JsonSerializer.Serialize(summary, PipelineJson.Compact) : AccuracyTables.Write(summary));
        await Console.Error.WriteLineAsync($"The report is in {options.Folder}");
    }
}
