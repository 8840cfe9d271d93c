using System.CommandLine;
using System.Diagnostics;
using KeypointPipeline.Bench.Inference.Photos;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Measures a batch of images from storage to results, and compares it with decoding and the model alone and with a Node
/// program.</summary>
internal sealed class InferenceBench : IBench
{
    private const int Repetitions = 5;
    private const string Batch = "bench";

    public Command CreateCommand()
    {
        var images = new Option<int>("--images") { Description = "JPEG files in the batch", DefaultValueFactory = _ => 5_000 };
        images.Validators.Add(result =>
        {
            if (result.GetValue(images) < 1)
                result.AddError("--images must be at least 1.");
        });
        var photos = new Option<int>("--photos") { Description = "Photos of 1 to 12 megapixels with up to six faces; 0 leaves them out", DefaultValueFactory = _ => 1_000 };
        photos.Validators.Add(result =>
        {
            if (result.GetValue(photos) < 0)
                result.AddError("--photos must be at least 0.");
        });
        var faces = new Option<DirectoryInfo?>("--faces") { Description = "Folder with davisking/dlib's examples/faces, on which recall is compared" };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "inference",
            "Predict JPEGs of 64 to 1,024 pixels from storage and from a folder to results, and photos with several faces from a folder\n\n"
            + "Compares with the parts alone, and with onnxruntime-node, sharp and face-api, which are fetched from npm. Also measures\n"
            + "the start of a chunk and the ways to run the model. Takes about half an hour.")
        {
            images, photos, faces, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
            (await RunAsync(parsed.GetValue(images), parsed.GetValue(photos), parsed.GetValue(faces)?.FullName, cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(int images, int photos, string? labelled, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        string path = folder.File("model.onnx");
        await UntrainedModel.ExportAsync(path);
        using KeypointModel model = KeypointModel.Open(path);
        BenchReport report = await MeasureImagesAsync(folder, path, model, images, cancellationToken);
        if (photos == 0)
            return report;
        (IReadOnlyList<BenchRow> rows, IReadOnlyList<BenchBar> bars) =
            await new PhotoBench(model, folder).MeasureAsync(photos, labelled, cancellationToken);
        return report with { Rows = [.. report.Rows, .. rows], Bars = [.. report.Bars, .. bars] };
    }

    private static async Task<BenchReport> MeasureImagesAsync(
        TemporaryFolder folder, string path, KeypointModel model, int images, CancellationToken cancellationToken)
    {
        byte[][] files = MixedJpegs.Draw(images, cancellationToken);
        Directory.CreateDirectory(folder.File(Batch));
        for (int i = 0; i < files.Length; i++)
            await File.WriteAllBytesAsync(Path.Combine(folder.File(Batch), $"{i:000000}.jpg"), files[i], cancellationToken);
        await using InferencePipeline pipeline = await InferencePipeline.StartAsync(folder.Path, cancellationToken);
        await UntrainedModel.PublishAsync(pipeline.Storage, path, cancellationToken);
        string[] names = await pipeline.UploadAsync(Batch, files, cancellationToken);
        var peer = new NodePeer(folder.Path);
        await peer.PrepareAsync(pipeline.Storage, names, cancellationToken);
        using var fromFolder = new FolderRun(model, folder.File(Batch), folder.File("results"), FinderKind.Whole);
        return await MeasureAsync(pipeline, fromFolder, peer, path, model, names, files, cancellationToken);
    }

    private static async Task<BenchReport> MeasureAsync(
        InferencePipeline pipeline,
        FolderRun fromFolder,
        NodePeer peer,
        string modelPath,
        KeypointModel model,
        string[] names,
        byte[][] files,
        CancellationToken cancellationToken)
    {
        byte[] frames = new byte[files.Length * model.Schema.FrameSize];
        (string What, List<double> Seconds, Func<int, Task<double>> Run)[] all =
        [
            ("storage to results", [], i => TimeAsync(() => pipeline.PredictAsync(Batch, $"{Batch}-{i}", files.Length, cancellationToken))),
            ("decoding and resizing alone", [], _ => TimeAsync(() => Decode(files, model.Schema, frames, cancellationToken))),
            ("the model alone", [], _ => TimeAsync(() => Predict(model, frames, files.Length))),
            ("onnxruntime-node and sharp", [], _ => peer.RunAsync(modelPath, model.Schema, cancellationToken)),
            ("folder to results", [], _ => TimeAsync(() => fromFolder.PredictAsync(cancellationToken))),
        ];
        for (int i = -1; i < Repetitions; i++)
        {
            foreach ((_, List<double> seconds, Func<int, Task<double>> run) in all)
            {
                double taken = await run(i);
                if (i >= 0)
                    seconds.Add(taken);
            }
        }

        BenchRow[] rows = [.. all.Select(part => BenchRow.Of(part.What, "s", part.Seconds))];
        // In each turn, so that a change of the machine's speed meets all three.
        double[] byParts = [.. all[4].Seconds.Select((seconds, i) => seconds / (all[1].Seconds[i] + all[2].Seconds[i]))];
        BenchRow chunkStart = await ChunkStart.MeasureAsync(pipeline, model, Batch, names[0][(Batch.Length + 1)..], files[0], cancellationToken);
        return new BenchReport(
            "inference",
            $"{Machine.Describe()}; {files.Length:N0} JPEGs, {files.Sum(file => (long)file.Length) / 1e6:0} MB; {model.Metadata.Network}",
            [
                .. rows,
                BenchRow.Of("storage to results", "images/s", [.. all[0].Seconds.Select(seconds => files.Length / seconds)]),
                chunkStart,
                .. RuntimeWays.Measure(modelPath, model, frames, Repetitions),
            ],
            [
                new BenchBar("folder to results by decoding and the model alone", BenchRow.MedianOf(byParts), 1.15),
                new BenchBar("times as fast as onnxruntime-node and sharp", rows[3].Median / rows[0].Median, 1.3, IsFloor: true),
                new BenchBar("start of a chunk, ms", chunkStart.Median, 50),
            ]);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Decodes all files on all processors.</summary>
    private static Task Decode(byte[][] files, KeypointSchema schema, byte[] frames, CancellationToken cancellationToken)
    {
        var decoder = new ImageDecoder();
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            decoder.Decode(files[i], schema.FrameWidth, schema.FrameHeight).Frame.CopyTo(frames, i * schema.FrameSize));
        return Task.CompletedTask;
    }

    private static Task Predict(KeypointModel model, byte[] frames, int count)
    {
        float[] keypoints = new float[count * model.Schema.Count * 2];
        float[] uncertainties = new float[model.HasUncertainty ? count * model.Schema.Count : 0];
        model.Predict(frames, count, keypoints, uncertainties);
        return Task.CompletedTask;
    }
}
