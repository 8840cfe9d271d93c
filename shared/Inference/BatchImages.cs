using Azure;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference.Places;
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

    /// <summary>Opens the images of one chunk, in the order of the list, with the places of their instances if the batch has a file of
    /// them. Dispose the set after all images are read.</summary>
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
        IEnumerable<ListedImage> opened = plan.Boxes is null ? images : images.Append(plan.Boxes.File);
        var set = ImageSet.Of(await OpenFilesAsync(plan, [.. opened], listedAt, cancellationToken));
        try
        {
            BoxTable? boxes = plan.Boxes is null
                ? null
                : await OfBoxesAsync(plan, () => BoxTable.ReadAsync(set.Files.Find(plan.Boxes.File.Name)!, images.Select(image => image.Name), cancellationToken));
            return new BatchImageSet(set, [.. images.Select(image => Placed(plan.Zip ? OfZip(plan.Batch, set, image.Name) : set.Find(image.Name)!, boxes))]);
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>Reads the batch's file of boxes once, before anything is predicted with it.</summary>
    /// <param name="plan">The batch.</param>
    /// <param name="file">The file.</param>
    /// <param name="images">All images of the batch; null if they are not listed yet.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>What is wrong with rows that no picture can report, or null.</returns>
    /// <exception cref="PermanentStepException">The file is too large, no table or lacks a column. The message says what to do.</exception>
    public async Task<string?> CheckBoxesAsync(BatchPlan plan, ListedImage file, IEnumerable<ListedImage>? images, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(file);
        await using FileSet set = await OpenFilesAsync(plan, [file], listedAt: null, cancellationToken);
        return await OfBoxesAsync(plan, () => BoxTable.CheckAsync(set.Find(file.Name)!, images?.Select(image => image.Name), cancellationToken));
    }

    /// <summary>Reads the batch's file that states a finder.</summary>
    /// <param name="plan">The batch.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The finder, or null if the file states none.</returns>
    /// <exception cref="PermanentStepException">The file cannot be used. The message says what to do.</exception>
    public async Task<FinderKind?> ReadFinderAsync(BatchPlan plan, ListedImage file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(file);
        await using FileSet set = await OpenFilesAsync(plan, [file], listedAt: null, cancellationToken);
        return await OfFileAsync(plan, "settings", FinderFile.Name, async () => FinderFile.Parse(await SetSidecar.ReadAsync(set, set.Find(file.Name)!, cancellationToken)));
    }

    private async Task<FileSet> OpenFilesAsync(BatchPlan plan, IReadOnlyList<ListedImage> files, DateTimeOffset? listedAt, CancellationToken cancellationToken) =>
        plan.Zip
            ? await OpenZipAsync(plan, files, cancellationToken)
            : BlobFileSet.Of(storage, BlobLayout.Images, $"{plan.Batch}/", files.Select(file => file.Name), BlobReading.Once, listedAt);

    private static ImageSource Placed(ImageSource image, BoxTable? boxes) => boxes is null ? image : image with { FindPlaces = _ => boxes.Of(image.Name) };

    private static Task<T> OfBoxesAsync<T>(BatchPlan plan, Func<Task<T>> read) => OfFileAsync(plan, "boxes", BoxFile.Name, read);

    /// <summary>Reads a file that says something about all pictures of a batch. Without it, they would get wrong points, so an unusable one fails
    /// the batch.</summary>
    private static Task<T> OfFileAsync<T>(BatchPlan plan, string what, string name, Func<Task<T>> read) => OfZipAsync(plan.Batch, async () =>
    {
        try
        {
            return await read();
        }
        catch (RejectedFileException e)
        {
            throw new PermanentStepException($"The {what} of batch '{plan.Batch}' cannot be used. {e.Message} Correct {name} and drop the batch again.", e);
        }
    });

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

    private static BatchPage Page(string set, IEnumerable<ListedImage> listed, string? next)
    {
        ListedImage[] files = [.. listed];
        ILookup<bool, ListedImage> byUse = files.OrderBy(file => file.Name, StringComparer.Ordinal).ToLookup(file => ImageNames.IsMeantAsImage(file.Name));
        ListedImage[] images = [.. byUse[true]];
        PassedOverFiles? passedOver = PassedOverFiles.Of(byUse[false].Select(file => file.Name));
        return new BatchPage(images, passedOver, images.Length > 0 ? null : PassedOverFiles.DescribeEmpty(set, passedOver), next, Find(files, BoxFile.Find), Find(files, FinderFile.Find));
    }

    private static ListedImage? Find(ListedImage[] files, Func<IEnumerable<string>, string?> find) =>
        find(files.Select(file => file.Name)) is string path ? Array.Find(files, file => file.Name == path) : null;

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
