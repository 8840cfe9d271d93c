using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Merges the chunks of a section of a large batch into tables of their own, and deletes the chunks' work files.</summary>
public sealed class MergeSection(PipelineStorage storage, ModelRegistry models, TimeProvider time) : Step<MergeSectionInput, ChunkTotals>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<MergeSectionInput, ChunkTotals> Ref { get; } = new(nameof(MergeSection), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<ChunkTotals> RunAsync(MergeSectionInput input, CancellationToken cancellationToken)
    {
        BatchPlan plan = input.Plan;
        // An earlier try may have failed while deleting the work files: then the part exists, but the chunks may not.
        string done = BatchWork.Part(plan, input.Section);
        ResultPart? part = (await storage.ReadAsync<ResultPart>(BlobLayout.Results, done, cancellationToken))?.Value;
        if (part is null)
        {
            var chunks = new BatchChunks(storage, models, plan);
            var merger = new ResultsMerger(new BlobResultStore(storage, $"{plan.Batch}/", new BatchClaim(storage, plan)), time);
            part = await merger.MergePartAsync(await chunks.DescribeRunAsync(cancellationToken), input.Section, chunks.Of(input.Section), cancellationToken);
            await storage.WriteAsync(BlobLayout.Results, done, part, cancellationToken);
        }

        await storage.DeleteAllAsync(BlobLayout.Results, WorkFilesOf(plan, input.Section).ToAsyncEnumerable(), cancellationToken);
        return new ChunkTotals(part.Succeeded, part.Failed);
    }

    private static IEnumerable<string> WorkFilesOf(BatchPlan plan, int section)
    {
        (int first, int count) = plan.ChunksOf(section);
        return Enumerable.Range(first, count).SelectMany(chunk => (string[])[BatchWork.ChunkResults(plan, chunk), BatchWork.ChunkNames(plan, chunk)]);
    }
}

/// <summary>The input of <see cref="MergeSection"/>.</summary>
/// <param name="Plan">The batch.</param>
/// <param name="Section">The section's number, from 0.</param>
public sealed record MergeSectionInput(BatchPlan Plan, int Section);
