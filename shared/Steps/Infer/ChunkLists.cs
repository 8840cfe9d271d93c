using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Writes the lists of the chunks' images.</summary>
/// <param name="storage">The account.</param>
internal sealed class ChunkLists(PipelineStorage storage)
{
    /// <summary>Maximum images of a batch.</summary>
    public const int MaximumImages = 2_000_000_000;

    private const int WritesAtOnce = 16;

    /// <summary>Appends images to the lists of a batch. The last list so far may be short; then it is completed. Appending the same images
    /// to the same plan again writes the same lists.</summary>
    /// <returns>The plan with the new numbers of images and chunks.</returns>
    /// <exception cref="PermanentStepException">The batch has too many images, or belongs to a newer drop.</exception>
    public async Task<BatchPlan> AppendAsync(BatchPlan plan, IReadOnlyList<ListedImage> images, CancellationToken cancellationToken)
    {
        if ((long)plan.Images + images.Count > MaximumImages)
            throw new PermanentStepException($"Batch '{plan.Batch}' has more than {MaximumImages:N0} images. Split it into several batches.");
        (int first, int started) = Math.DivRem(plan.Images, plan.ChunkSize);
        IEnumerable<ListedImage> open = started == 0 ? [] : await ReadAsync(plan, first, started, cancellationToken);
        await Parallel.ForEachAsync(
            open.Concat(images).Chunk(plan.ChunkSize).Index(),
            new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) => await storage.WriteAsync(BlobLayout.Results, BatchWork.ChunkNames(plan, first + chunk.Index), chunk.Item, token));
        int all = plan.Images + images.Count;
        return plan with { Images = all, Chunks = BatchPlan.Parts(all, plan.ChunkSize) };
    }

    /// <summary>Reads the images of a list that earlier pages put there. A first try may have completed it already.</summary>
    private async Task<IEnumerable<ListedImage>> ReadAsync(BatchPlan plan, int chunk, int count, CancellationToken cancellationToken)
    {
        StoredDocument<ListedImage[]> list = await storage.ReadAsync<ListedImage[]>(BlobLayout.Results, BatchWork.ChunkNames(plan, chunk), cancellationToken)
            ?? throw new BatchClaim(storage, plan).Lost();
        return list.Value.Take(count);
    }
}
