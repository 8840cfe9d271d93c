using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Merges the chunks into the batch's results, writes the summary last, and deletes the work folder.</summary>
public sealed class MergeBatch(PipelineStorage storage, ModelRegistry models, TimeProvider time)
    : Step<BatchPlan, ChunkTotals>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<BatchPlan, ChunkTotals> Ref { get; } = new(nameof(MergeBatch), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<ChunkTotals> RunAsync(BatchPlan input, CancellationToken cancellationToken)
    {
        // An earlier try may have failed while deleting the work folder: then the summary exists, but the chunks may not.
        var claim = new BatchClaim(storage, input);
        if (await claim.FindSummaryAsync(cancellationToken) is not BatchSummary summary)
        {
            await claim.RequireAsync(cancellationToken);
            ModelManifest model = await models.FindAsync(input.ModelVersion, cancellationToken)
                ?? throw new ModelNotFoundException(input.ModelVersion);
            var merger = new ResultsMerger(new BlobResultStore(storage, $"{input.Batch}/", claim), time);
            summary = await merger.MergeAsync(
                new BatchRun(input.Batch, input.ModelVersion, model.Schema, input.StartedAt, model.Training.Gaps ?? LabelGaps.None, input.PassedOver),
                Enumerable.Range(0, input.Chunks).Select(chunk => OpenChunk(input, chunk)),
                cancellationToken);
        }

        await storage.DeleteAllAsync(BlobLayout.Results, BatchWork.Folder(input), cancellationToken);
        return new ChunkTotals(summary.Succeeded, summary.Failed);
    }

    private Func<CancellationToken, Task<Stream>> OpenChunk(BatchPlan plan, int chunk) =>
        token => storage.Blob(BlobLayout.Results, BatchWork.ChunkResults(plan, chunk)).OpenReadAsync(cancellationToken: token);
}
