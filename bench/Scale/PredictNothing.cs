using KeypointPipeline.Bench.Inference;
using KeypointPipeline.Bench.Scale.Store;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Scale;

/// <summary>Stands in for <see cref="InferChunk"/>: reads the chunk's list and writes its results as that step does, with made-up keypoints.
/// It reads no image and runs no model. One image in 1,000 fails.</summary>
internal sealed class PredictNothing(PipelineStorage storage) : Step<InferChunkInput, ChunkTotals>
{
    /// <summary>One image in this many fails.</summary>
    public const int ImagesPerFailure = 1_000;

    private const int Side = 640;

    /// <summary>The keypoints of the model that the simulated batch names.</summary>
    public static KeypointSchema Schema { get; } = new(DrawnFace.KeypointNames, 96, 96);

    private static readonly byte[] Drawn = MixedJpegs.Draw(1, CancellationToken.None)[0];

    /// <inheritdoc/>
    public override async Task<ChunkTotals> RunAsync(InferChunkInput input, CancellationToken cancellationToken)
    {
        BatchPlan plan = input.Plan;
        var claim = new BatchClaim(storage, plan);
        StoredDocument<ListedImage[]> listed =
            await storage.ReadAsync<ListedImage[]>(BlobLayout.Results, BatchWork.ChunkNames(plan, input.Chunk), cancellationToken) ?? throw claim.Lost();
        await using StagedFile lines = new BlobResultStore(storage, prefix: "").Create(BatchWork.ChunkResults(plan, input.Chunk));
        var sample = new OverlaySample(plan.Images);
        var writer = new ChunkWriter(lines.Stream, new BlobResultStore(storage, $"{plan.Batch}/", claim), Schema, sample);
        int index = input.Chunk * plan.ChunkSize;
        foreach (ListedImage listedImage in listed.Value)
        {
            using var image = new PredictedImage(index, [Result(listedImage.Name)], sample.HasOverlay(index) ? Draw() : null);
            await writer.WriteAsync(image, cancellationToken);
            index++;
        }

        await claim.RequireAsync(cancellationToken);
        await lines.CommitAsync(cancellationToken);
        return writer.Totals;
    }

    private static Picture Draw() => new ImageDecoder().DecodePicture(Drawn, Thumbnail.Side, Thumbnail.Side);

    /// <summary>Makes up a result from the image's number, with as many digits as real results have.</summary>
    private static ImageResult Result(string name)
    {
        int number = GeneratedImages.Number(name);
        if (number % ImagesPerFailure == ImagesPerFailure - 1)
            return new ImageResult(name, null, null, null, "The simulation lets this image fail.");
        double?[] keypoints = new double?[2 * Schema.Count];
        double?[] uncertainty = new double?[Schema.Count];
        uint state = (uint)number * 2_654_435_761;
        for (int i = 0; i < keypoints.Length; i++)
            keypoints[i] = Next(ref state) % (Side * 1000) / 1000.0;
        for (int k = 0; k < uncertainty.Length; k++)
            uncertainty[k] = Next(ref state) % 8_000 / 1000.0;
        return new ImageResult(name, Side, Side, keypoints, null, uncertainty);
    }

    /// <summary>Marsaglia's xorshift, 32 bits: fast, and the same in every run.</summary>
    private static uint Next(ref uint state)
    {
        state = state == 0 ? 1 : state;
        state ^= state << 13;
        state ^= state >> 17;
        return state ^= state << 5;
    }
}
