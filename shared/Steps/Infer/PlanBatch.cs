using Azure;
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
        bool zip = await IsZipAsync(input, cancellationToken);
        BatchListing listing = await images.ListAsync(input.Batch, input.ETag, input.InstanceId, zip, cancellationToken);
        IReadOnlyList<string> names = listing.Names;
        await RemoveEarlierResultsAsync(input.Batch, cancellationToken);
        if (listing.Emptiness is string reason)
            throw new PermanentStepException(reason);

        int chunkSize = Math.Clamp((names.Count + WantedChunks - 1) / WantedChunks, MinChunk, MaxChunk);
        string[][] chunks = [.. names.Chunk(chunkSize)];
        var plan = new BatchPlan(
            input.Batch, input.ETag, input.InstanceId, input.ModelVersion, names.Count, chunks.Length, chunkSize, zip, time.GetUtcNow(),
            listing.PassedOver);
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            await storage.WriteAsync(BlobLayout.Results, BatchWork.ChunkNames(plan, chunk), chunks[chunk], cancellationToken);
        return plan;
    }

    /// <summary>Whether the zip started this batch: a folder of the same name may exist beside it. Events arrive late and in any
    /// order. An event whose marker or zip was replaced must not work on the newer images.</summary>
    private async Task<bool> IsZipAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        string zip = BatchName.Zip(input.Batch);
        string marker = $"{input.Batch}/{BlobLayout.ReadyMarker}";
        ETag? zipTag = await storage.FindETagAsync(BlobLayout.Images, zip, cancellationToken);
        ETag? markerTag = await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken);
        if (BlobETag.Same(zipTag?.ToString(), input.ETag))
            return true;
        if (BlobETag.Same(markerTag?.ToString(), input.ETag))
            return false;
        throw new PermanentStepException(zipTag is null && markerTag is null
            ? $"Batch '{input.Batch}' has neither {zip} nor {marker} in the images container."
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
