using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Lists the next page of a large batch and appends its images to the chunks. The output is the plan with what it found.</summary>
public sealed class ListBatchPage(PipelineStorage storage, BatchImages images, ModelRegistry models) : Step<BatchPlan, BatchPlan>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<BatchPlan, BatchPlan> Ref { get; } = new(nameof(ListBatchPage), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<BatchPlan> RunAsync(BatchPlan input, CancellationToken cancellationToken)
    {
        var claim = new BatchClaim(storage, input);
        await claim.RequireAsync(cancellationToken);
        BatchPage page = await images.ListAsync(input.Batch, input.ETag, input.Zip, input.Next, cancellationToken);
        BatchPlan plan = await new ChunkLists(storage).AppendAsync(input, page.Images, cancellationToken);
        plan = plan with { PassedOver = input.PassedOver + page.PassedOver, Next = page.Next };
        if (plan is { Images: 0, Next: null })
            throw new PermanentStepException(PassedOverFiles.DescribeEmpty(plan.Batch, plan.PassedOver));
        plan = await new BatchFinder(storage, images).ChooseAgainAsync(plan, page, cancellationToken);
        return await new BatchBoxSearch(images, models).AddAsync(plan, page, cancellationToken);
    }
}
