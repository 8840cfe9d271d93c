using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;

namespace KeypointPipeline.Workflows;

/// <summary>Predicts a group of chunks of a batch side by side.</summary>
public sealed class InferChunks : Workflow<InferChunksInput, ChunkTotals>
{
    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<InferChunksInput, ChunkTotals> Ref { get; } = new(nameof(InferChunks));

    /// <inheritdoc/>
    public override async Task<ChunkTotals> RunAsync(IWorkflowContext context, InferChunksInput input)
    {
        var chunks = new List<Task<ChunkTotals>>(input.Count);
        for (int chunk = input.First; chunk < input.First + input.Count; chunk++)
            chunks.Add(context.CallStepAsync(InferChunk.Ref, new InferChunkInput(input.Plan, chunk)));
        ChunkTotals[] totals = await Task.WhenAll(chunks);
        return totals.Aggregate(new ChunkTotals(0, 0), (sum, next) => sum + next);
    }
}

/// <summary>The input of <see cref="InferChunks"/>.</summary>
/// <param name="Plan">The batch.</param>
/// <param name="First">The first chunk's number, from 0.</param>
/// <param name="Count">The number of chunks.</param>
public sealed record InferChunksInput(BatchPlan Plan, int First, int Count);
