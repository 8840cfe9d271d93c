using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Port;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Inference;

/// <summary>Lists and opens the images of dropped batches: blobs below <c>images/{batch}/</c>, or entries of
/// <c>images/{batch}.zip</c>. A zip is downloaded and listed once per batch instance, however many chunks read it.</summary>
public sealed class BatchImages(PipelineStorage storage, WorkFolder work) : IDisposable
{
    private readonly KeptOpen<ImageSet> _zips = new();

    /// <summary>Lists a batch's images in name order.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="etag">ETag of the marker or zip that started it.</param>
    /// <param name="instanceId">The workflow instance that predicts it.</param>
    /// <param name="zip">Whether the images are entries of the batch's zip.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="PermanentStepException">The zip or marker that started the batch was replaced or deleted, or cannot be read.</exception>
    public async Task<BatchListing> ListAsync(
        string batch, string etag, string instanceId, bool zip, CancellationToken cancellationToken)
    {
        if (zip)
        {
            using Lease<ImageSet> opened = await OpenZipAsync(batch, etag, instanceId, cancellationToken);
            return BatchListing.Of(opened.Value);
        }

        using var images = ImageSet.Of(await ListFolderAsync(batch, etag, cancellationToken));
        return BatchListing.Of(images);
    }

    /// <summary>Opens the images of one chunk, in the order of the names. Dispose the set after all images are read.</summary>
    /// <param name="plan">The batch.</param>
    /// <param name="names">Names of the images.</param>
    /// <param name="listedAt">When the batch was listed, by the server's clock. An image that was uploaded later belongs to a newer drop, so
    /// it is a failed image of this one.</param>
    /// <param name="cancellationToken">Cancels opening a zip.</param>
    /// <exception cref="PermanentStepException">The zip that started the batch was replaced or deleted, or cannot be read.</exception>
    public async Task<BatchImageSet> OpenAsync(
        BatchPlan plan, IReadOnlyList<string> names, DateTimeOffset listedAt, CancellationToken cancellationToken)
    {
        if (!plan.Zip)
        {
            var blobs = ImageSet.Of(BlobFileSet.Of(storage, BlobLayout.Images, $"{plan.Batch}/", names, BlobReading.Once, listedAt));
            return new BatchImageSet(blobs, [.. names.Select(name => blobs.Find(name)!)]);
        }

        Lease<ImageSet> zip = await OpenZipAsync(plan.Batch, plan.ETag, plan.InstanceId, cancellationToken);
        return new BatchImageSet(zip, [.. names.Select(name => zip.Value.Find(name)
            ?? new ImageSource(name, _ => throw new ImageRejectedException("The zip has no file of this name.")))]);
    }

    /// <summary>Deletes the local files of a batch.</summary>
    public void Forget(BatchPlan plan) => Forget(plan.InstanceId);

    /// <summary>Deletes the local files of an instance that predicts a batch.</summary>
    /// <exception cref="IOException">Another program has them open.</exception>
    public void Forget(string instanceId)
    {
        _zips.Forget(instanceId);
        File.Delete(ZipPath(instanceId));
    }

    /// <inheritdoc/>
    public void Dispose() => _zips.Dispose();

    /// <summary>Lists the files of a batch's folder: those that its marker names, or all if it is empty.</summary>
    private async Task<BlobFileSet> ListFolderAsync(string batch, string etag, CancellationToken cancellationToken)
    {
        try
        {
            return await BlobFileSet.CompletedAsync(storage, BlobLayout.Images, $"{batch}/", new ETag(etag), BlobReading.Once, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new PermanentStepException(e.Message, e);
        }
        catch (RequestFailedException e) when (e.IsNotFound() || e.IsReplaced())
        {
            throw new PermanentStepException($"Batch '{batch}' was dropped again before it was listed. The newer drop has its own instance.", e);
        }
    }

    private string ZipPath(string instanceId) => Path.Combine(work.Batches, $"{instanceId}.zip");

    private Task<Lease<ImageSet>> OpenZipAsync(string batch, string etag, string instanceId, CancellationToken cancellationToken) =>
        _zips.OpenAsync(instanceId, closing => OpenAsync(batch, etag, instanceId, closing), cancellationToken);

    private async Task<ImageSet> OpenAsync(string batch, string etag, string instanceId, CancellationToken cancellationToken)
    {
        string path = await BringZipAsync(batch, etag, instanceId, cancellationToken);
        try
        {
            // The local file is named after the instance; messages name the zip that was dropped.
            return ImageSet.Of(await ZipFileSet.OpenAsync(DatasetSource.FromFile(path) with { Name = BatchName.Zip(batch) }, cancellationToken));
        }
        catch (RejectedFileException e)
        {
            throw new PermanentStepException($"images/{BatchName.Zip(batch)} cannot be read: {e.Message}", e);
        }
    }

    private async Task<string> BringZipAsync(string batch, string etag, string instanceId, CancellationToken cancellationToken)
    {
        string path = ZipPath(instanceId);
        if (File.Exists(path))
            return path;
        var unchanged = new BlobDownloadToOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(etag) } };
        await using WholeFile file = WholeFile.Create(path);
        try
        {
            using Response response = await storage.Blob(BlobLayout.Images, BatchName.Zip(batch))
                .DownloadToAsync(file.Stream, unchanged, cancellationToken);
            file.Commit();
        }
        catch (RequestFailedException e) when (e.IsNotFound() || e.IsReplaced())
        {
            throw new PermanentStepException(
                $"images/{BatchName.Zip(batch)} was replaced or deleted after its batch was started. A newer zip has its own instance.", e);
        }

        return path;
    }
}

/// <summary>What a batch contains.</summary>
/// <param name="Names">Names of its images, in name order.</param>
/// <param name="PassedOver">Its files that are no images by name, or null if there are none.</param>
/// <param name="Emptiness">Why it has no images and what to do, or null if it has some.</param>
public sealed record BatchListing(IReadOnlyList<string> Names, PassedOverFiles? PassedOver, string? Emptiness)
{
    internal static BatchListing Of(ImageSet images) => new([.. images.Images.Select(image => image.Name)], images.PassedOver, images.Emptiness);
}

/// <summary>Images of a batch. They can be read until disposal.</summary>
public sealed class BatchImageSet : IDisposable
{
    private readonly IDisposable _opened;

    internal BatchImageSet(IDisposable opened, IReadOnlyList<ImageSource> images)
    {
        _opened = opened;
        Images = images;
    }

    /// <summary>The images.</summary>
    public IReadOnlyList<ImageSource> Images { get; }

    /// <inheritdoc/>
    public void Dispose() => _opened.Dispose();
}
