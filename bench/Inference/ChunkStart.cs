using System.Diagnostics;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Measures the overhead of a chunk: the time of a chunk of one image on a warm host, minus the time of that image.</summary>
internal static class ChunkStart
{
    private const int Repetitions = 31;

    /// <summary>Measures the overhead.</summary>
    /// <param name="pipeline">A pipeline that has predicted with the model before.</param>
    /// <param name="model">The model, opened again.</param>
    /// <param name="batch">A batch that was uploaded.</param>
    /// <param name="image">The name of one of its images, below the batch.</param>
    /// <param name="file">That image.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Milliseconds.</returns>
    public static async Task<BenchRow> MeasureAsync(
        InferencePipeline pipeline, KeypointModel model, string batch, string image, byte[] file, CancellationToken cancellationToken)
    {
        // The second image of many has no overlay.
        var plan = new BatchPlan(
            batch, ETag: "", InstanceId: "chunk-start", UntrainedModel.Version, Images: 10_000, Chunks: 10_000, ChunkSize: 1, Zip: false, DateTimeOffset.UnixEpoch);
        var input = new InferChunkInput(plan, 1);
        await new BatchClaim(pipeline.Storage, plan).TakeAsync(cancellationToken);
        await pipeline.Storage.WriteAsync(BlobLayout.Results, BatchWork.ChunkNames(plan, input.Chunk), (ListedImage[])[new(image)], cancellationToken);
        var predictor = new ImageSetPredictor(model, new ImageDecoder(), new StatedPlaces(FinderKind.Whole));
        var start = new List<double>();
        for (int i = -1; i < Repetitions; i++)
        {
            double chunk = await TimeAsync(() => pipeline.InferChunkAsync(input, cancellationToken));
            double alone = await TimeAsync(() => PredictAsync(predictor, image, file, cancellationToken));
            if (i >= 0)
                start.Add((chunk - alone) * 1000);
        }

        return BenchRow.Of("a chunk of one image, less decoding and predicting it", "ms", start);
    }

    private static async Task PredictAsync(ImageSetPredictor predictor, string image, byte[] file, CancellationToken cancellationToken)
    {
        var source = new ImageSource(image, _ => Task.FromResult<Stream>(new MemoryStream(file, writable: false)));
        await foreach (PredictedImage predicted in predictor.PredictAsync(
            new[] { source }.ToAsyncEnumerable(), firstIndex: 0, _ => false, cancellationToken))
        {
            predicted.Dispose();
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
