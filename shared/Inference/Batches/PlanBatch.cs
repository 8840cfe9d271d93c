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
        bool zip = await storage.Blob(BlobLayout.Images, BatchFiles.Zip(input.Batch)).ExistsAsync(cancellationToken);
        bool folder = await storage.Blob(BlobLayout.Images, $"{input.Batch}/{BlobLayout.ReadyMarker}").ExistsAsync(cancellationToken);
        if (!zip && !folder)
            throw new PermanentStepException($"Batch '{input.Batch}' has neither {BatchFiles.Zip(input.Batch)} nor {input.Batch}/{BlobLayout.ReadyMarker} in the images container.");

        bool useZip = zip && !folder;
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

/// <summary>Which batch, for which workflow instance, with which model version.</summary>
public sealed record PlanBatchInput(string Batch, string InstanceId, string ModelVersion);
