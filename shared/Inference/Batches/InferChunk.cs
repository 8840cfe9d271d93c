using KeypointPipeline.Workflows;

namespace KeypointPipeline.Inference.Batches;

/// <summary>Which chunk of which plan, from 0.</summary>
public sealed record InferChunkInput(BatchPlan Plan, int Chunk);

/// <summary>Predicts one chunk and writes its results to the work folder.</summary>
public sealed class InferChunk : Step<InferChunkInput, ChunkTotals>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<InferChunkInput, ChunkTotals> Ref { get; } = new(nameof(InferChunk), StepRetry.Default);

    /// <inheritdoc/>
    public override Task<ChunkTotals> RunAsync(InferChunkInput input, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
