using System.CommandLine;
using KeypointPipeline.Bench.Inference;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Bench.Batch;

/// <summary>Predicts batches of 1,000 to 100,000 images on the real host, to see whether time, memory and histories stay in
/// proportion.</summary>
internal sealed class BatchBench : IBench
{
    private const int SmallRepetitions = 5;
    private const int ZipRepetitions = 3;
    private static readonly int ImagesPerChild = BatchShape.Default.ImagesPerChunk * BatchShape.Default.ChunksPerGroup;
    private static readonly int[] Smaller = [1_000, 10_000];

    public Command CreateCommand()
    {
        var images = new Option<int>("--images") { Description = "Images of the largest batch", DefaultValueFactory = _ => 100_000 };
        images.Validators.Add(result =>
        {
            if (result.GetValue(images) <= Smaller[0])
                result.AddError($"--images must be more than {Smaller[0]:N0}, the size that the largest batch is compared with.");
        });
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "batch",
            "Drop batches of 1,000, 10,000 and 100,000 images on a host of its own\n\n"
            + "Measures time per image, memory, child workflows and histories. Takes about a quarter of an hour.")
        {
            images, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
            (await RunAsync(parsed.GetValue(images), cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(int images, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        string model = folder.File("model.onnx");
        await UntrainedModel.ExportAsync(model);
        await using HostProcess host = await HostProcess.StartAsync(folder.File("home"), cancellationToken);
        await UntrainedModel.PublishAsync(host.Storage, model, cancellationToken);
        ReferencedImages referenced = await ReferencedImages.UploadAsync(host.Storage, cancellationToken);

        var batches = new List<BatchFigures>();
        foreach (int size in (IEnumerable<int>)[.. Smaller.Where(smaller => smaller < images), images])
        {
            var histories = new BatchHistory[size == Smaller[0] ? SmallRepetitions : 1];
            for (int i = 0; i < histories.Length; i++)
                histories[i] = await PredictAsync(host, referenced, $"of-{size}-{i}", size, zip: false, cancellationToken);
            batches.Add(new BatchFigures(size, histories, host.PeakMegabytes, host.ServerPeakMegabytes));
        }

        var folders = new List<double>();
        var zips = new List<double>();
        for (int i = 0; i < ZipRepetitions; i++)
        {
            folders.Add((await PredictAsync(host, referenced, $"folder-{i}", Smaller[0], zip: false, cancellationToken)).Seconds);
            zips.Add((await PredictAsync(host, referenced, $"zip-{i}", Smaller[0], zip: true, cancellationToken)).Seconds);
        }

        return Report(batches, folders, zips);
    }

    /// <summary>Drops a batch and checks every row of its results.</summary>
    private static async Task<BatchHistory> PredictAsync(
        HostProcess host, ReferencedImages referenced, string batch, int images, bool zip, CancellationToken cancellationToken)
    {
        string marker = zip ? BatchName.Zip(batch) : BatchDrop.Marker(batch);
        if (zip)
        {
            await referenced.ZipAsync(batch, images, cancellationToken);
        }
        else
        {
            await referenced.CopyAsync(batch, images, cancellationToken);
            await host.Storage.Blob(BlobLayout.Images, marker).UploadAsync(BinaryData.Empty, cancellationToken);
        }

        string etag = (await host.Storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken))!.Value.ToString();
        string instance = InstanceIds.Batch(batch, etag);
        WorkflowStatus ended = await host.WaitForEndAsync(instance, cancellationToken);
        if (ended.RuntimeStatus != WorkflowRuntimeStatus.Completed)
            throw new InvalidOperationException($"The batch {batch} ended as {ended.RuntimeStatus}: {ended.Output}.");
        await BatchRows.CheckAsync(host.Storage, batch, images, cancellationToken);
        return BatchHistory.Read(host.Journal, instance);
    }

    private static BenchReport Report(List<BatchFigures> batches, List<double> folders, List<double> zips)
    {
        BatchFigures small = batches[0];
        BatchFigures large = batches[^1];
        BatchHistory history = large.Histories[0];
        // The marker is one of the files that are listed, and each page after the first has a child of its own.
        int children = ((large.Images + ImagesPerChild - 1) / ImagesPerChild) + (large.Images / BatchImages.FilesPerPage);
        return new BenchReport(
            "batch",
            Machine.Describe(),
            [
                .. batches.Select(batch => BenchRow.Of($"{batch.Images:N0} images", "s", [.. batch.Histories.Select(run => run.Seconds)])),
                BenchRow.Of($"{small.Images:N0} images, a folder again", "s", folders),
                BenchRow.Of($"{small.Images:N0} images, a zip", "s", zips),
                BenchRow.Of($"{large.Images:N0} images, listed and cut", "s", [history.Listing]),
                BenchRow.Of($"{large.Images:N0} images, predicted", "s", [history.Predicting]),
                BenchRow.Of($"{large.Images:N0} images, merged", "s", [history.Merging]),
                .. batches.Select(batch => BenchRow.Of($"{batch.Images:N0} images, host's peak memory", "MB", [batch.HostPeakMegabytes])),
                .. batches.Select(batch => BenchRow.Of($"{batch.Images:N0} images, storage server's peak memory", "MB", [batch.ServerPeakMegabytes])),
                .. batches.Select(batch => BenchRow.Of($"{batch.Images:N0} images, child workflows", "", [batch.Histories[0].Children])),
                .. batches.Select(batch => BenchRow.Of($"{batch.Images:N0} images, longest history", "entries", [batch.Histories[0].LargestEntries])),
                .. batches.Select(batch => BenchRow.Of($"{batch.Images:N0} images, largest instance", "KB", [batch.Histories[0].LargestBytes / 1e3])),
            ],
            [
                new BenchBar($"time per image, {large.Images:N0} images by {small.Images:N0}", large.SecondsPerImage / small.SecondsPerImage, 1.1),
                new BenchBar("a zip by a folder of the same images", BenchRow.MedianOf(zips) / BenchRow.MedianOf(folders), 1.1),
                new BenchBar("MB of the host's peak memory", large.HostPeakMegabytes, 1_000),
                new BenchBar($"child workflows of {large.Images:N0} images", history.Children, children),
                new BenchBar("entries of the longest history", history.LargestEntries, 100),
                new BenchBar("KB of the largest instance", history.LargestBytes / 1e3, 64),
            ]);
    }

    /// <summary>The figures of all batches of one size. Memory is the peak so far.</summary>
    private sealed record BatchFigures(int Images, BatchHistory[] Histories, double HostPeakMegabytes, double ServerPeakMegabytes)
    {
        public double SecondsPerImage => BenchRow.MedianOf([.. Histories.Select(run => run.Seconds)]) / Images;
    }
}
