using System.Runtime.CompilerServices;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Completes the batch's results, writes the summary last, and deletes the work files. A batch of one section is merged here; the
/// tables of other batches are written already (<see cref="MergeSection"/>).</summary>
public sealed class MergeBatch(PipelineStorage storage, ModelRegistry models, TimeProvider time) : Step<BatchPlan, ChunkTotals>
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
            var chunks = new BatchChunks(storage, models, input);
            var merger = new ResultsMerger(new BlobResultStore(storage, $"{input.Batch}/", claim), time);
            BatchRun run = await chunks.DescribeRunAsync(cancellationToken);
            summary = input.Sections == 1
                ? await merger.MergeAsync(run, chunks.Of(section: 0), cancellationToken)
                : await merger.FinishAsync(run, ReadPartsAsync(input, claim, cancellationToken), cancellationToken);
        }

        await new ResultsRemoval(storage, time).RemoveWorkAsync(input.Batch, input.InstanceId, cancellationToken);
        return new ChunkTotals(summary.Succeeded, summary.Failed);
    }

    private async IAsyncEnumerable<ResultPart> ReadPartsAsync(
        BatchPlan plan, BatchClaim claim, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int section = 0; section < plan.Sections; section++)
        {
            StoredDocument<ResultPart>? part = await storage.ReadAsync<ResultPart>(BlobLayout.Results, BatchWork.Part(plan, section), cancellationToken);
            yield return part?.Value ?? throw claim.Lost();
        }
    }
}
