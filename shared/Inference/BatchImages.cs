using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Inference;

/// <summary>Lists and opens the images of dropped batches: blobs below <c>images/{batch}/</c>, or entries of
/// <c>images/{batch}.zip</c>. A zip is downloaded and listed once per batch instance, however many chunks read it.</summary>
public sealed class BatchImages(PipelineStorage storage, WorkFolder work) : IDisposable
{
    private readonly KeptOpen<ImageFolder> _zips = new();

    /// <summary>Names of a batch's images, in name order.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="etag">ETag of the marker or zip that started it.</param>
    /// <param name="instanceId">The workflow instance that predicts it.</param>
    /// <param name="zip">Whether the images are entries of the batch's zip.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="InvalidDataException">The zip is not a readable archive.</exception>
    /// <exception cref="PermanentStepException">The zip that started the batch was replaced or deleted.</exception>
    public async Task<string[]> ListAsync(
        string batch, string etag, string instanceId, bool zip, CancellationToken cancellationToken)
    {
        if (zip)
        {
            using Lease<ImageFolder> opened = await OpenZipAsync(batch, etag, instanceId, cancellationToken);
            return [.. opened.Value.Images.Select(image => image.Name)];
        }

        string prefix = $"{batch}/";
        var names = new List<string>();
        await foreach (BlobItem blob in storage.Container(BlobLayout.Images)
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            string name = blob.Name[prefix.Length..];
            if (ImageNames.IsMeantAsImage(name))
                names.Add(name);
        }

        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }

    /// <summary>Opens the images of one chunk, in the order of the names. Dispose the set after all images are read.</summary>
    /// <exception cref="PermanentStepException">The zip that started the batch was replaced or deleted.</exception>
    public async Task<BatchImageSet> OpenAsync(BatchPlan plan, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (!plan.Zip)
        {
            return new BatchImageSet(null, [.. names.Select(name =>
                new ImageSource(name, token => OpenBlobAsync($"{plan.Batch}/{name}", token)))]);
        }

        Lease<ImageFolder> zip = await OpenZipAsync(plan.Batch, plan.ETag, plan.InstanceId, cancellationToken);
        return new BatchImageSet(zip, [.. names.Select(name =>
            zip.Value.Find(name) ?? new ImageSource(name, _ => throw Vanished(null)))]);
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

    private async Task<Stream> OpenBlobAsync(string blob, CancellationToken cancellationToken)
    {
        if (BlobName.FindProblem(blob) is string problem)
            throw new ImageRejectedException($"The image's name {problem}. Upload it under another name.");
        try
        {
            return (await storage.Blob(BlobLayout.Images, blob).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            throw Vanished(e);
        }
    }

    private static ImageRejectedException Vanished(Exception? cause) =>
        new("The image was deleted after the batch was started.", cause);

    private string ZipPath(string instanceId) => Path.Combine(work.Batches, $"{instanceId}.zip");

    private Task<Lease<ImageFolder>> OpenZipAsync(string batch, string etag, string instanceId, CancellationToken cancellationToken) =>
        _zips.OpenAsync(
            instanceId, async closing => ImageFolder.Open(await BringZipAsync(batch, etag, instanceId, closing)), cancellationToken);

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

/// <summary>Images of a batch. They can be read until disposal.</summary>
public sealed class BatchImageSet : IDisposable
{
    private readonly Lease<ImageFolder>? _zip;

    internal BatchImageSet(Lease<ImageFolder>? zip, IReadOnlyList<ImageSource> images)
    {
        _zip = zip;
        Images = images;
    }

    /// <summary>The images.</summary>
    public IReadOnlyList<ImageSource> Images { get; }

    /// <inheritdoc/>
    public void Dispose() => _zip?.Dispose();
}
