using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Predicts one chunk. Its results go to the work folder, its overlays to the batch's results.</summary>
public sealed class InferChunk(PipelineStorage storage, BatchImages images, ModelCache models, ImageDecoder decoder, Finders finders)
    : Step<InferChunkInput, ChunkTotals>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<InferChunkInput, ChunkTotals> Ref { get; } = new(nameof(InferChunk), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<ChunkTotals> RunAsync(InferChunkInput input, CancellationToken cancellationToken)
    {
        BatchPlan plan = input.Plan;
        string namesBlob = BatchWork.ChunkNames(plan, input.Chunk);
        var claim = new BatchClaim(storage, plan);
        StoredDocument<ListedImage[]> listed = await storage.ReadAsync<ListedImage[]>(BlobLayout.Results, namesBlob, cancellationToken) ?? throw claim.Lost();

        using Lease<KeypointModel> lease = await models.OpenAsync(plan.ModelVersion, cancellationToken);
        await using StagedFile lines = new BlobResultStore(storage, prefix: "").Create(BatchWork.ChunkResults(plan, input.Chunk));
        using BatchImageSet set = await images.OpenAsync(plan, listed.Value, listed.LastModified, cancellationToken);
        IInstanceFinder finder = finders.Of(plan.Finder ?? FinderKind.Whole, lease.Value);
        var predictor = new ChunkPredictor(lease.Value, decoder, finder, new BlobResultStore(storage, $"{plan.Batch}/", claim), plan.Images);
        ChunkTotals totals = await predictor.PredictAsync(
            set.Images, input.Chunk * plan.ChunkSize, lines.Stream, progress: null, cancellationToken);
        await claim.RequireAsync(cancellationToken);
        await lines.CommitAsync(cancellationToken);
        return totals;
    }
}

/// <summary>The input of <see cref="InferChunk"/>.</summary>
/// <param name="Plan">The batch.</param>
/// <param name="Chunk">The chunk's number, from 0.</param>
public sealed record InferChunkInput(BatchPlan Plan, int Chunk);
