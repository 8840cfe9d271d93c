using System.IO.Compression;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Inference.Batches;

/// <summary>Lists a batch's images in name order and cuts the list into chunks.</summary>
public sealed class PlanBatch(PipelineStorage storage, TimeProvider time) : Step<PlanBatchInput, BatchPlan>
{
    /// <summary>The most images of one chunk: about what two cores predict in the time a person waits for progress.</summary>
    public const int MaxChunk = 256;

    private const int MinChunk = 32;
    private const int WantedChunks = 16;

    /// <summary>How workflows call it.</summary>
    public static StepRef<PlanBatchInput, BatchPlan> Ref { get; } = new(nameof(PlanBatch), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<BatchPlan> RunAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        bool useZip = await IsZipAsync(input, cancellationToken);
        List<string> names = useZip
            ? await ListZipAsync(input.Batch, cancellationToken)
            : await ListFolderAsync(input.Batch, cancellationToken);
        names.Sort(StringComparer.Ordinal);

        int chunkSize = Math.Clamp(names.Count / WantedChunks, MinChunk, MaxChunk);
        string[][] chunks = [.. names.Chunk(chunkSize)];
        var plan = new BatchPlan(
            input.Batch, input.InstanceId, input.ModelVersion, names.Count, chunks.Length, useZip, time.GetUtcNow());
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            await storage.WriteAsync(BlobLayout.Results, BatchFiles.ChunkNames(plan, chunk), chunks[chunk], cancellationToken);
        return plan;
    }

    /// <summary>Whether it was the zip that started this batch: a folder of the same name may stand beside it.</summary>
    private async Task<bool> IsZipAsync(PlanBatchInput input, CancellationToken cancellationToken)
    {
        string zip = BatchFiles.Zip(input.Batch);
        string marker = $"{input.Batch}/{BlobLayout.ReadyMarker}";
        ETag? zipTag = await ETagAsync(zip, cancellationToken);
        ETag? markerTag = await ETagAsync(marker, cancellationToken);
        if (zipTag is null && markerTag is null)
            throw new PermanentStepException($"Batch '{input.Batch}' has neither {zip} nor {marker} in the images container.");
        return markerTag is null || InstanceIds.SameETag(zipTag?.ToString(), input.ETag);
    }

    private async Task<ETag?> ETagAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await storage.Blob(BlobLayout.Images, name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private async Task<List<string>> ListFolderAsync(string batch, CancellationToken cancellationToken)
    {
        string prefix = $"{batch}/";
        var names = new List<string>();
        await foreach (BlobItem blob in storage.Container(BlobLayout.Images)
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            if (BatchFiles.IsMeantAsImage(blob.Name))
                names.Add(blob.Name[prefix.Length..]);
        }

        return names;
    }

    private async Task<List<string>> ListZipAsync(string batch, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await storage.Blob(BlobLayout.Images, BatchFiles.Zip(batch))
                .OpenReadAsync(cancellationToken: cancellationToken);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            return [.. archive.Entries.Select(e => e.FullName).Where(BatchFiles.IsMeantAsImage).Distinct(StringComparer.Ordinal)];
        }
        catch (InvalidDataException e)
        {
            throw new PermanentStepException($"images/{BatchFiles.Zip(batch)} is not a readable zip archive ({e.Message}); upload it again.", e);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            throw new PermanentStepException($"images/{BatchFiles.Zip(batch)} was replaced or deleted while it was listed.", e);
        }
    }
}

/// <summary>Which batch, started by which content of its marker or zip, for which workflow instance, with which model version.</summary>
public sealed record PlanBatchInput(string Batch, string ETag, string InstanceId, string ModelVersion);
