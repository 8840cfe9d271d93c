using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Lists the first page of a batch's images in name order and splits it into chunks. Deletes the results of an earlier run of the
/// batch, summary first. <see cref="ListBatchPage"/> lists further pages.</summary>
/// <param name="storage">The account.</param>
/// <param name="images">Lists the images.</param>
/// <param name="models">Describes the model.</param>
/// <param name="time">The clock.</param>
/// <param name="shape">How batches are divided; null for <see cref="BatchShape.Default"/>.</param>
/// <param name="finder">The host's setting; null for none.</param>
public sealed class PlanBatch(
    PipelineStorage storage, BatchImages images, ModelRegistry models, TimeProvider time, BatchShape? shape = null, HostFinder? finder = null) : Step<PlanBatchInput, BatchPlan>
{
    private const int MinChunk = 32;
    private const int WantedChunks = 16;

    private readonly BatchShape _shape = shape ?? BatchShape.Default;

    /// <summary>How workflows call it.</summary>
    public static StepRef<PlanBatchInput, BatchPlan> Ref { get; } = new(nameof(PlanBatch), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<BatchPlan> RunAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        BatchDrop drop = await RequireLatestAsync(input, cancellationToken);
        BatchPage page = await images.ListAsync(input.Batch, input.ETag, drop.IsZip, from: null, cancellationToken);
        // Listing took time: nothing of a newer drop may be deleted.
        await RequireLatestAsync(input, cancellationToken);
        await new ResultsRemoval(storage, time).RemoveResultsAsync(input.Batch, cancellationToken);
        if (page is { Next: null, Emptiness: string reason })
            throw new PermanentStepException(reason);

        var plan = new BatchPlan(
            input.Batch, input.ETag, input.InstanceId, input.ModelVersion, Images: 0, Chunks: 0, ChunkSize(page), drop.IsZip, time.GetUtcNow(),
            page.PassedOver, page.Next, _shape);
        await new BatchClaim(storage, plan).TakeAsync(cancellationToken);
        plan = await new ChunkLists(storage).AppendAsync(plan, page.Images, cancellationToken);
        plan = await new BatchFinder(storage, images).ChooseAsync(plan, page, drop, models, finder, cancellationToken);
        return await new BatchBoxSearch(images, models).AddAsync(plan, page, cancellationToken);
    }

    /// <summary>A small batch has smaller chunks, so that they run side by side.</summary>
    private int ChunkSize(BatchPage page) => page.Next is not null
        ? _shape.ImagesPerChunk
        : Math.Min(Math.Max(BatchPlan.Parts(page.Images.Count, WantedChunks), MinChunk), _shape.ImagesPerChunk);

    /// <summary>Finds what started this batch. Events arrive late and in any order. An event whose marker or zip is no longer the latest
    /// drop of that name must not work on the newer images.</summary>
    private async Task<BatchDrop> RequireLatestAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        IReadOnlyList<BatchDrop> latest = await BatchDrop.FindLatestAsync(storage, input.Batch, cancellationToken);
        return latest.FirstOrDefault(drop => BlobETag.Same(drop.ETag.ToString(), input.ETag))
            ?? throw new PermanentStepException(latest.Count == 0
                ? $"Batch '{input.Batch}' has neither {BatchName.Zip(input.Batch)} nor {BatchDrop.Marker(input.Batch)} in the images container."
                : $"Batch '{input.Batch}' was dropped again before it was listed. The newer drop has its own instance.");
    }
}

/// <summary>The input of <see cref="PlanBatch"/>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="ETag">ETag of the marker or zip that started it.</param>
/// <param name="InstanceId">The workflow instance that works on it.</param>
/// <param name="ModelVersion">The version that predicts all of it.</param>
public sealed record PlanBatchInput(string Batch, string ETag, string InstanceId, string ModelVersion);
