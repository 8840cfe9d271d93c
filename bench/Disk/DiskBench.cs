using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using KeypointPipeline.Bench.Inference;
using KeypointPipeline.Datasets.Erasure;
using KeypointPipeline.Formats;
using KeypointPipeline.Models;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.Bench.Disk;

/// <summary>Measures how much temporary disk each step takes at most, with a large dataset and a large zip of images. An instance in Azure
/// has 0.8 GB.</summary>
internal sealed class DiskBench : IBench
{
    private const string Batch = "large";
    private const string Path = "training.csv";
    private const string Run = "bench";
    private const double MostMegabytes = 500;

    public Command CreateCommand()
    {
        var rows = new Option<int>("--rows") { Description = "Rows of the dataset", DefaultValueFactory = _ => 200_000 };
        var gigabytes = new Option<double>("--gigabytes") { Description = "Size of the zip of images, in GB", DefaultValueFactory = _ => 5 };
        var temporary = new Option<DirectoryInfo?>("--temporary")
        {
            Description = "Empty folder for the steps' files, for example a small file system; without it, a folder of its own",
        };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "disk",
            "Measure the temporary disk of each step with 200,000 rows and a zip of 5 GB\n\n"
            + "Storage takes about 16 GB of disk meanwhile. Takes about a quarter of an hour.")
        {
            rows, gigabytes, temporary, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using TemporaryFolder folder = BenchFolder.Create();
            string work = parsed.GetValue(temporary)?.FullName ?? Directory.CreateDirectory(folder.File("temporary")).FullName;
            var bench = new Measured(parsed.GetValue(rows), (long)(parsed.GetValue(gigabytes) * 1e9), folder, work);
            (await bench.RunAsync(cancellationToken)).Print(parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>One run of the bench.</summary>
    private sealed class Measured(int rows, long zipBytes, TemporaryFolder folder, string work)
    {
        private readonly List<BenchRow> _rows = [];
        private readonly List<BenchBar> _bars = [];

        public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
        {
            string model = folder.File("model.onnx");
            await UntrainedModel.ExportAsync(model);
            await using InferencePipeline pipeline = await InferencePipeline.StartAsync(folder.Path, cancellationToken, System.IO.Path.Combine(work, "work"));
            await UntrainedModel.PublishAsync(pipeline.Storage, model, cancellationToken);
            string etag = await GroupedRows.UploadAsync(pipeline.Storage, Path, rows, cancellationToken);
            int images = await LargeZip.UploadAsync(pipeline.Storage, Batch, zipBytes, cancellationToken);

            // The storage server keeps the folder that it was started with.
            foreach (string variable in (string[])["TMPDIR", "TMP", "TEMP"])
                Environment.SetEnvironmentVariable(variable, work);
            await using var use = new DiskUse(work);
            await TrainAsync(pipeline, use, model, etag, cancellationToken);
            await PredictAsync(pipeline, use, images, cancellationToken);
            return new BenchReport("disk", $"{Machine.Describe()}; {rows:N0} rows, a zip of {zipBytes / 1e9:0.##} GB with {images:N0} images", _rows, _bars);
        }

        /// <summary>Runs the steps from a dropped file to a published model, without the trainer, and erases a group.</summary>
        private async Task TrainAsync(InferencePipeline pipeline, DiskUse use, string model, string etag, CancellationToken cancellationToken)
        {
            await MeasureAsync(use, nameof(PrepareDataset), async () =>
            {
                PrepareDatasetOutput prepared = await pipeline.Get<PrepareDataset>().RunAsync(new PrepareDatasetInput(Path, etag), cancellationToken);
                if (prepared.RowsAccepted != rows)
                    throw new InvalidOperationException($"{prepared.RowsAccepted:N0} of {rows:N0} rows were accepted: {prepared.Reason}.");
            });
            await MeasureAsync(use, nameof(PlanTraining), async () =>
            {
                TrainingPlan plan = await pipeline.Get<PlanTraining>().RunAsync(new PlanTrainingInput(Run, DatasetId: null, Force: true, Settings: null), cancellationToken);
                if (plan.SkipReason is string reason)
                    throw new InvalidOperationException($"Nothing was planned: {reason}.");
            });
            await CompleteRunAsync(pipeline.Storage, model, cancellationToken);
            ModelComparison? comparison = null;
            await MeasureAsync(use, nameof(EvaluateCandidate), async () => comparison = await pipeline.Get<EvaluateCandidate>().RunAsync(Run, cancellationToken));
            await MeasureAsync(use, nameof(PublishModel), () =>
                pipeline.Get<PublishModel>().RunAsync(new PublishModelInput(Run, DateTimeOffset.UnixEpoch, comparison!), cancellationToken));
            await pipeline.Get<ErasedGroups>().AddAsync(GroupKey.Of(GroupedRows.FirstGroup)!.Value, Path, cancellationToken);
            await MeasureAsync(use, "a group erased", async () =>
            {
                if ((await pipeline.Get<DatasetErasure>().RemoveErasedGroupsAsync(Path, cancellationToken)).Count == 0)
                    throw new InvalidOperationException("No row was erased.");
            });
        }

        private async Task PredictAsync(InferencePipeline pipeline, DiskUse use, int images, CancellationToken cancellationToken)
        {
            string? stage = null;
            long since = Stopwatch.GetTimestamp();
            use.TakePeak();
            await pipeline.PredictAsync(Batch, $"{Batch}-1", images, cancellationToken, Next);
            Next("");

            void Next(string next)
            {
                if (stage is not null)
                    Add($"batch, {stage}", use.TakePeak(), Stopwatch.GetElapsedTime(since));
                (stage, since) = (next, Stopwatch.GetTimestamp());
            }
        }

        private async Task MeasureAsync(DiskUse use, string what, Func<Task> step)
        {
            use.TakePeak();
            long start = Stopwatch.GetTimestamp();
            await step();
            Add(what, use.TakePeak(), Stopwatch.GetElapsedTime(start));
        }

        private void Add(string what, DiskPeak peak, TimeSpan took)
        {
            _rows.Add(BenchRow.Of($"{what}: temporary disk", "MB", [peak.Disk / 1e6]));
            _rows.Add(BenchRow.Of($"{what}: memory of the process", "MB", [peak.Memory / 1e6]));
            _rows.Add(BenchRow.Of($"{what}: time", "s", [took.TotalSeconds]));
            _bars.Add(new BenchBar($"{what}: MB of temporary disk", peak.Disk / 1e6, MostMegabytes));
        }

        /// <summary>Writes what a trainer leaves: a model, here an untrained one, and its result.</summary>
        private static async Task CompleteRunAsync(PipelineStorage storage, string model, CancellationToken cancellationToken)
        {
            byte[] file = await File.ReadAllBytesAsync(model, cancellationToken);
            await storage.Blob(BlobLayout.Runs, $"{Run}/{TrainingRunFiles.Model}").UploadAsync(BinaryData.FromBytes(file), overwrite: true, cancellationToken);
            var result = new TrainingResult(Run, 0, null, 0, 0, 0, 0, Convert.ToHexStringLower(SHA256.HashData(file)), file.Length, "bench");
            await storage.WriteAsync(BlobLayout.Runs, $"{Run}/{TrainingRunFiles.Result}", result, cancellationToken);
        }
    }
}
