using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Lists a batch's images in name order and splits the list into chunks. Deletes the results of an earlier run of the
/// batch, summary first.</summary>
public sealed class PlanBatch(PipelineStorage storage, BatchImages images, TimeProvider time) : Step<PlanBatchInput, BatchPlan>
{
    /// <summary>Maximum images per chunk: few enough to repeat, many enough that starting a chunk costs little.</summary>
    public const int MaxChunk = 256;

    private const int MinChunk = 32;
    private const int WantedChunks = 16;

    /// <summary>How workflows call it.</summary>
    public static StepRef<PlanBatchInput, BatchPlan> Ref { get; } = new(nameof(PlanBatch), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<BatchPlan> RunAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        bool zip = (await RequireLatestAsync(input, cancellationToken)).IsZip;
        var listed = new List<ListedImage>();
        PassedOverFiles? passedOver = null;
        string? emptiness = null;
        string? from = null;
        do
        {
            BatchPage page = await images.ListAsync(input.Batch, input.ETag, zip, from, cancellationToken);
            listed.AddRange(page.Images);
            passedOver += page.PassedOver;
            emptiness ??= page.Emptiness;
            from = page.Next;
        }
        while (from is not null);

        // Listing took time: nothing of a newer drop may be deleted.
        await RequireLatestAsync(input, cancellationToken);
        await RemoveEarlierResultsAsync(input.Batch, cancellationToken);
        if (listed.Count == 0)
            throw new PermanentStepException(emptiness!);

        int chunkSize = Math.Clamp((listed.Count + WantedChunks - 1) / WantedChunks, MinChunk, MaxChunk);
        ListedImage[][] chunks = [.. listed.Chunk(chunkSize)];
        var plan = new BatchPlan(
            input.Batch, input.ETag, input.InstanceId, input.ModelVersion, listed.Count, chunks.Length, chunkSize, zip, time.GetUtcNow(),
            passedOver);
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            await storage.WriteAsync(BlobLayout.Results, BatchWork.ChunkNames(plan, chunk), chunks[chunk], cancellationToken);
        return plan;
    }

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

    private async Task RemoveEarlierResultsAsync(string batch, CancellationToken cancellationToken)
    {
        await storage.Blob(BlobLayout.Results, $"{batch}/{ResultFiles.Summary}").DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await storage.DeleteAllAsync(BlobLayout.Results, $"{batch}/", cancellationToken);
    }
}

/// <summary>The input of <see cref="PlanBatch"/>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="ETag">ETag of the marker or zip that started it.</param>
/// <param name="InstanceId">The workflow instance that works on it.</param>
/// <param name="ModelVersion">The version that predicts all of it.</param>
public sealed record PlanBatchInput(string Batch, string ETag, string InstanceId, string ModelVersion);
