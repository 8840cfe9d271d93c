using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Predicts one chunk and writes its results to the work folder, its overlays to their place.</summary>
public sealed class InferChunk(PipelineStorage storage, BatchImages images, ModelCache models, ImageDecoder decoder)
    : Step<InferChunkInput, ChunkTotals>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<InferChunkInput, ChunkTotals> Ref { get; } = new(nameof(InferChunk), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<ChunkTotals> RunAsync(InferChunkInput input, CancellationToken cancellationToken)
    {
        BatchPlan plan = input.Plan;
        string namesBlob = BatchFiles.ChunkNames(plan, input.Chunk);
        string[] names = (await storage.ReadAsync<string[]>(BlobLayout.Results, namesBlob, cancellationToken))?.Value
            ?? throw new PermanentStepException($"results/{namesBlob} is gone: the batch was dropped again in the meantime, or its work folder was deleted.");

        using Lease<KeypointModel> lease = await models.OpenAsync(plan.ModelVersion, cancellationToken);
        var store = new BlobResultStore(storage, prefix: "");
        var overlays = new BlobResultStore(storage, $"{plan.Batch}/");
        await using StagedFile lines = store.Create(BatchFiles.ChunkResults(plan, input.Chunk));
        var sample = new OverlaySample(plan.Images);
        var writer = new ChunkWriter(lines.Stream, overlays, lease.Value.Schema, sample);
        var predictor = new ImageSetPredictor(lease.Value, decoder);
        using BatchImageSet set = await images.OpenAsync(plan, names, cancellationToken);
        await foreach (PredictedImage image in predictor.PredictAsync(
            set.Images.ToAsyncEnumerable(), input.Chunk * plan.ChunkSize, sample.HasOverlay, cancellationToken))
        {
            using (image)
                await writer.WriteAsync(image, cancellationToken);
        }

        await lines.CommitAsync(cancellationToken);
        return new ChunkTotals(writer.Succeeded, writer.Failed);
    }
}

/// <summary>Which chunk of which plan, from 0.</summary>
public sealed record InferChunkInput(BatchPlan Plan, int Chunk);
