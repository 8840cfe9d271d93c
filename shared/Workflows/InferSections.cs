using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;

namespace KeypointPipeline.Workflows;

/// <summary>Predicts consecutive sections of a large batch. If there are more than fit into one history, its children are nodes of the same
/// kind, which run one after the other.</summary>
public sealed class InferSections : Workflow<InferSectionsInput, ChunkTotals>
{
    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<InferSectionsInput, ChunkTotals> Ref { get; } = new(nameof(InferSections));

    /// <inheritdoc/>
    public override Task<ChunkTotals> RunAsync(IWorkflowContext context, InferSectionsInput input) => PredictAsync(context, input, progress: _ => { });

    /// <summary>Predicts sections. The ids of the children derive from the calling instance.</summary>
    /// <param name="context">The instance that owns the sections.</param>
    /// <param name="input">The sections.</param>
    /// <param name="progress">Receives the counts of the children that have ended.</param>
    internal static Task<ChunkTotals> PredictAsync(IWorkflowContext context, InferSectionsInput input, Action<ChunkTotals> progress)
    {
        (BatchPlan plan, int first, int count) = input;
        BatchShape shape = plan.Shape ?? throw new InvalidOperationException("Batches that earlier versions planned have no sections.");
        if (count <= shape.SectionsPerNode)
        {
            return SideBySide.RunAsync(
                count,
                shape.AtOnce,
                n => context.CallWorkflowAsync(InferSection.Ref, new MergeSectionInput(plan, first + n), InstanceIds.Section(context.InstanceId, first + n)),
                progress);
        }

        int span = shape.SectionsPerNode;
        while (BatchPlan.Parts(count, span) > shape.SectionsPerNode)
            span *= shape.SectionsPerNode;
        return SideBySide.RunAsync(
            BatchPlan.Parts(count, span),
            atOnce: 1,
            node => context.CallWorkflowAsync(
                Ref,
                new InferSectionsInput(plan, first + (node * span), Math.Min(span, count - (node * span))),
                InstanceIds.SectionNode(context.InstanceId, node)),
            progress);
    }
}

/// <summary>The input of <see cref="InferSections"/>.</summary>
/// <param name="Plan">The batch.</param>
/// <param name="First">The first section's number, from 0.</param>
/// <param name="Count">The number of sections.</param>
public sealed record InferSectionsInput(BatchPlan Plan, int First, int Count);
