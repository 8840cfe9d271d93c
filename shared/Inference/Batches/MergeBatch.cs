using KeypointPipeline.Workflows;

namespace KeypointPipeline.Inference.Batches;

/// <summary>Which plan, and how many images its chunks predicted.</summary>
public sealed record MergeBatchInput(BatchPlan Plan, ChunkTotals Totals);

/// <summary>Merges the chunks' results into the batch's results, summary last.</summary>
public sealed class MergeBatch : Step<MergeBatchInput, bool>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<MergeBatchInput, bool> Ref { get; } = new(nameof(MergeBatch), StepRetry.Default);

    /// <inheritdoc/>
    public override Task<bool> RunAsync(MergeBatchInput input, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
