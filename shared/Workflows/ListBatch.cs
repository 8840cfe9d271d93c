using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;

namespace KeypointPipeline.Workflows;

/// <summary>Lists further pages of a large batch. A batch calls it again until its plan is complete, so that no history grows with the
/// batch.</summary>
public sealed class ListBatch : Workflow<BatchPlan, BatchPlan>
{
    /// <summary>Maximum pages of one instance: with pages of 100,000 files, ten million files.</summary>
    public const int MaximumPages = 100;

    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<BatchPlan, BatchPlan> Ref { get; } = new(nameof(ListBatch));

    /// <inheritdoc/>
    public override async Task<BatchPlan> RunAsync(IWorkflowContext context, BatchPlan input)
    {
        BatchPlan plan = input;
        for (int page = 0; page < MaximumPages && plan.Next is not null; page++)
            plan = await context.CallStepAsync(ListBatchPage.Ref, plan);
        return plan;
    }
}
