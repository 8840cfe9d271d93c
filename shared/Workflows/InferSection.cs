using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;

namespace KeypointPipeline.Workflows;

/// <summary>Predicts a section of a large batch: its groups of chunks, then its tables.</summary>
public sealed class InferSection : Workflow<MergeSectionInput, ChunkTotals>
{
    private const int EarlierChunksPerGroup = 16;

    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<MergeSectionInput, ChunkTotals> Ref { get; } = new(nameof(InferSection));

    /// <inheritdoc/>
    public override async Task<ChunkTotals> RunAsync(IWorkflowContext context, MergeSectionInput input)
    {
        await PredictAsync(context, input.Plan, input.Section, progress: _ => { });
        return await context.CallStepAsync(MergeSection.Ref, input);
    }

    /// <summary>Predicts the groups of a section. Their ids derive from the calling instance.</summary>
    /// <param name="context">The instance that owns the section.</param>
    /// <param name="plan">The batch.</param>
    /// <param name="section">The section's number, from 0.</param>
    /// <param name="progress">Receives the counts of the groups that have ended.</param>
    internal static Task<ChunkTotals> PredictAsync(IWorkflowContext context, BatchPlan plan, int section, Action<ChunkTotals> progress)
    {
        (int first, int count) = plan.ChunksOf(section);
        // All groups of a batch that an earlier version planned started at once, so they do in a replay.
        int size = plan.Shape?.ChunksPerGroup ?? EarlierChunksPerGroup;
        return SideBySide.RunAsync(BatchPlan.Parts(count, size), plan.Shape?.AtOnce ?? int.MaxValue, Start, progress);

        Task<ChunkTotals> Start(int group)
        {
            var chunks = new InferChunksInput(plan, first + (group * size), Math.Min(size, count - (group * size)));
            return context.CallWorkflowAsync(InferChunks.Ref, chunks, InstanceIds.ChunkGroup(context.InstanceId, group));
        }
    }
}
