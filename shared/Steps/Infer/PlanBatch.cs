using Azure;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Lists a batch's images in name order and cuts the list into chunks. Results of an earlier run of the batch are taken
/// away, summary first.</summary>
public sealed class PlanBatch(PipelineStorage storage, BatchImages images, TimeProvider time) : Step<PlanBatchInput, BatchPlan>
{
    /// <summary>The most images of one chunk: little enough to lose, enough to keep its start-up small.</summary>
    public const int MaxChunk = 256;

    private const int MinChunk = 32;
    private const int WantedChunks = 16;

    /// <summary>How workflows call it.</summary>
    public static StepRef<PlanBatchInput, BatchPlan> Ref { get; } = new(nameof(PlanBatch), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<BatchPlan> RunAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        bool zip = await IsZipAsync(input, cancellationToken);
        string[] names = await ListAsync(input, zip, cancellationToken);
        await RemoveEarlierResultsAsync(input.Batch, cancellationToken);

        int chunkSize = Math.Clamp((names.Length + WantedChunks - 1) / WantedChunks, MinChunk, MaxChunk);
        string[][] chunks = [.. names.Chunk(chunkSize)];
        var plan = new BatchPlan(
            input.Batch, input.ETag, input.InstanceId, input.ModelVersion, names.Length, chunks.Length, chunkSize, zip, time.GetUtcNow());
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            await storage.WriteAsync(BlobLayout.Results, BatchFiles.ChunkNames(plan, chunk), chunks[chunk], cancellationToken);
        return plan;
    }

    /// <summary>Whether it was the zip that started this batch: a folder of the same name may stand beside it. Events come late and
    /// in any order: one whose marker or zip is another by now must not work on the newer one's images.</summary>
    private async Task<bool> IsZipAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        string zip = BatchFiles.Zip(input.Batch);
        string marker = $"{input.Batch}/{BlobLayout.ReadyMarker}";
        ETag? zipTag = await storage.FindETagAsync(BlobLayout.Images, zip, cancellationToken);
        ETag? markerTag = await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken);
        if (BlobETag.Same(zipTag?.ToString(), input.ETag))
            return true;
        if (BlobETag.Same(markerTag?.ToString(), input.ETag))
            return false;
        throw new PermanentStepException(zipTag is null && markerTag is null
            ? $"Batch '{input.Batch}' has neither {zip} nor {marker} in the images container."
            : $"Batch '{input.Batch}' was dropped again before it was listed; the newer drop has an instance of its own.");
    }

    private async Task<string[]> ListAsync(PlanBatchInput input, bool zip, CancellationToken cancellationToken)
    {
        try
        {
            return await images.ListAsync(input.Batch, input.ETag, input.InstanceId, zip, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new PermanentStepException($"images/{BatchFiles.Zip(input.Batch)} is not a readable zip archive ({(e.InnerException ?? e).Message.TrimEnd('.')}); upload it again.", e);
        }
    }

    private async Task RemoveEarlierResultsAsync(string batch, CancellationToken cancellationToken)
    {
        await storage.Blob(BlobLayout.Results, $"{batch}/{ResultFiles.Summary}").DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await storage.DeleteAllAsync(BlobLayout.Results, $"{batch}/", cancellationToken);
    }
}

/// <summary>Which batch, started by which content of its marker or zip, for which workflow instance, with which model version.</summary>
public sealed record PlanBatchInput(string Batch, string ETag, string InstanceId, string ModelVersion);
