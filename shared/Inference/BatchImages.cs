using Azure;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Port;
using KeypointPipeline.Sources;
using KeypointPipeline.Sources.Zips;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Inference;

/// <summary>Lists and opens the images of dropped batches: blobs below <c>images/{batch}/</c>, or entries of <c>images/{batch}.zip</c>,
/// which are read by range. Nothing is written to the disk.</summary>
/// <param name="storage">The account.</param>
/// <param name="filesPerPage">The most files of a folder that a page looks at.</param>
public sealed class BatchImages(PipelineStorage storage, int filesPerPage = BatchImages.FilesPerPage)
{
    /// <summary>The most files of a folder that a page looks at: 20 requests.</summary>
    public const int FilesPerPage = 100_000;

    /// <summary>Lists a page of a batch's images. A marker's list (<see cref="ReadyList.MaximumFiles"/>) and a zip
    /// (<see cref="ZipLimits.Entries"/>) are one page.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="etag">ETag of the marker or zip that started it.</param>
    /// <param name="zip">Whether the images are entries of the batch's zip.</param>
    /// <param name="from">The <see cref="BatchPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="PermanentStepException">The zip or marker that started the batch was replaced or deleted, or cannot be read.</exception>
    public Task<BatchPage> ListAsync(string batch, string etag, bool zip, string? from, CancellationToken cancellationToken) =>
        zip ? ListZipAsync(batch, etag, cancellationToken) : ListFolderAsync(batch, etag, from, cancellationToken);

    /// <summary>Opens the images of one chunk, in the order of the list. Dispose the set after all images are read.</summary>
    /// <param name="plan">The batch.</param>
    /// <param name="images">The images.</param>
    /// <param name="listedAt">When the batch was listed, by the server's clock. An image that was uploaded later belongs to a newer drop, so
    /// it is a failed image of this one.</param>
    /// <param name="cancellationToken">Cancels the reading of a zip's list of files, which only lists without places need.</param>
    /// <exception cref="PermanentStepException">The zip that started the batch was replaced or deleted, or cannot be read. Reading an image
    /// throws it too.</exception>
    public async Task<BatchImageSet> OpenAsync(
        BatchPlan plan, IReadOnlyList<ListedImage> images, DateTimeOffset listedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var set = ImageSet.Of(plan.Zip
            ? await OpenZipAsync(plan, images, cancellationToken)
            : BlobFileSet.Of(storage, BlobLayout.Images, $"{plan.Batch}/", images.Select(image => image.Name), BlobReading.Once, listedAt));
        return new BatchImageSet(set, [.. images.Select(image => plan.Zip ? OfZip(plan.Batch, set, image.Name) : set.Find(image.Name)!)]);
    }

    private async Task<BatchPage> ListZipAsync(string batch, string etag, CancellationToken cancellationToken)
    {
        await using ZipFileSet files = await OfZipAsync(batch, () => ZipOf(batch, etag).ListAsync(cancellationToken));
        return Page(files.Name, files.Files.Select(file => new ListedImage(file.Path, file.Place)), next: null);
    }

    /// <summary>Lists the files of a batch's folder: those that its marker names, or all if it is empty.</summary>
    private async Task<BatchPage> ListFolderAsync(string batch, string etag, string? from, CancellationToken cancellationToken)
    {
        string prefix = $"{batch}/";
        try
        {
            // Each page looks at the marker, so that no page lists a newer drop.
            if (await ReadyList.ReadAsync(storage, BlobLayout.Images, BatchDrop.Marker(batch), new ETag(etag), cancellationToken) is { } listed)
                return Page(batch, listed.Where(BlobFileSet.IsOfSet).Select(path => new ListedImage(path)), next: null);
            (List<string> paths, string? next) = await BlobFileSet.ListPartAsync(storage, BlobLayout.Images, prefix, from, filesPerPage, cancellationToken);
            return Page(batch, paths.Select(path => new ListedImage(path)), next);
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

    private static BatchPage Page(string set, IEnumerable<ListedImage> files, string? next)
    {
        ILookup<bool, ListedImage> byUse = files.OrderBy(file => file.Name, StringComparer.Ordinal).ToLookup(file => ImageNames.IsMeantAsImage(file.Name));
        ListedImage[] images = [.. byUse[true]];
        PassedOverFiles? passedOver = PassedOverFiles.Of(byUse[false].Select(file => file.Name));
        return new BatchPage(images, passedOver, images.Length > 0 ? null : PassedOverFiles.DescribeEmpty(set, passedOver), next);
    }

    /// <summary>Opens a chunk's entries at their places. Lists of earlier versions have none: their entries are found by name.</summary>
    private Task<FileSet> OpenZipAsync(BatchPlan plan, IReadOnlyList<ListedImage> images, CancellationToken cancellationToken)
    {
        ZipBlob zip = ZipOf(plan.Batch, plan.ETag);
        return images.All(image => image.Place is not null)
            ? Task.FromResult<FileSet>(PlacedZipFiles.Of(zip, images.Select(image => (image.Name, image.Place!))))
            : OfZipAsync(plan.Batch, async () => (FileSet)await zip.ListAsync(cancellationToken));
    }

    private ZipBlob ZipOf(string batch, string etag) => new(storage, BlobLayout.Images, BatchName.Zip(batch), new ETag(etag));

    private static ImageSource OfZip(string batch, ImageSet set, string name) => set.Find(name) is ImageSource found
        ? found with { OpenAsync = token => OfZipAsync(batch, () => found.OpenAsync(token)) }
        : new ImageSource(name, _ => throw new ImageRejectedException("The zip has no file of this name."));

    /// <summary>Reads from a batch's zip. A zip that is replaced, gone or unreadable fails the batch.</summary>
    private static async Task<T> OfZipAsync<T>(string batch, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (RejectedFileException e)
        {
            throw new PermanentStepException($"images/{BatchName.Zip(batch)} cannot be read: {e.Message}", e);
        }
        catch (RequestFailedException e) when (e.IsNotFound() || e.IsReplaced())
        {
            throw new PermanentStepException(
                $"images/{BatchName.Zip(batch)} was replaced or deleted after its batch was started. A newer zip has its own instance.", e);
        }
    }
}
