using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Dropping;

/// <summary>Uploads images as a batch: files to <c>images/{batch}/</c>, and last their list as the marker; or a zip to
/// <c>images/{batch}.zip</c>. Deletes nothing. Files of an earlier drop of the batch stay in storage, but are not in the list.</summary>
/// <param name="storage">The account.</param>
/// <param name="finder">What finds the instances of the pictures; null to state nothing.</param>
internal sealed class ImageDrop(PipelineStorage storage, FinderKind? finder)
{
    /// <summary>Files that are uploaded at once.</summary>
    internal const int ParallelUploads = 8;

    /// <summary>Uploads the images of a folder, and the files of their boxes and settings if there are any. They replace an earlier drop of the
    /// batch.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="batch">Name of the batch.</param>
    /// <param name="note">What else to say about the folder, or null.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="InvalidDataException">The folder has no images, or they cannot be stored under their names.</exception>
    public async Task<DroppedItem> DropFolderAsync(
        string folder, string batch, string? note, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireName(batch);
        await using var set = FolderFileSet.Open(folder);
        string?[] stated = [BoxFile.Find(set.Files.Select(file => file.Path)), FinderFile.Find(set.Files.Select(file => file.Path))];
        ILookup<bool, SetFile> byUse = set.Files
            .Where(file => file.Path != BlobLayout.ReadyMarker)
            .ToLookup(file => ImageNames.IsMeantAsImage(file.Path) || stated.Contains(file.Path));
        var passedOver = PassedOverFiles.Of(byUse[false].Select(file => file.Path));
        if (byUse[true].All(file => stated.Contains(file.Path)))
            throw new InvalidDataException(PassedOverFiles.DescribeEmpty(folder, passedOver));

        ILookup<string?, SetFile> byProblem = byUse[true].ToLookup(file => BlobName.FindProblem($"{batch}/{file.Path}"));
        List<string> leftOut = [.. byProblem.Where(group => group.Key is not null).SelectMany(group => group.Select(file => $"{Path.Combine(folder, file.Path)}: its name {group.Key}"))];
        SetFile[] usable = [.. byProblem[null]];
        if (usable.Length == 0)
            throw new InvalidDataException($"No file can be stored under its name. {leftOut[0]}. Rename it.");
        if (passedOver is not null)
            leftOut.Add(passedOver.Describe());
        if (note is not null)
            leftOut.Add(note);
        return await DropAsync(usable, batch, isNew: false, leftOut, progress, cancellationToken)
            ?? throw new InvalidOperationException("Only the marker of a new batch can be taken.");
    }

    /// <summary>Uploads one image as a batch of its own. Dropping a file again replaces its batch. If another drop has the name, the batch
    /// becomes <c>name-2</c>, <c>name-3</c> and so on.</summary>
    /// <param name="path">Path of the image.</param>
    /// <param name="name">Name of the batch, which is replaced; null for the file's name without ending.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="InvalidDataException">The batch or the image cannot be stored under its name.</exception>
    public async Task<DroppedItem> DropImageAsync(string path, string? name, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        string file = Path.GetFileName(path);
        await using var set = new SingleFile(Files.DatasetSource.FromFile(path));
        string stem = Path.GetFileNameWithoutExtension(file);
        for (int number = 1; ; number++)
        {
            string batch = name ?? (number == 1 ? stem : $"{stem}-{number}");
            RequireName(batch);
            if (BlobName.FindProblem($"{batch}/{file}") is string problem)
                throw new InvalidDataException($"{file} cannot be stored: its name {problem}. Rename it.");
            BatchOwner owner = name is null ? await FindOwnerAsync(batch, file, cancellationToken) : BatchOwner.ThisFile;
            if (owner != BatchOwner.Another
                && await DropAsync(set.Files, batch, isNew: owner == BatchOwner.None, [], progress, cancellationToken) is DroppedItem item)
            {
                return item;
            }
        }
    }

    /// <summary>Uploads a zip of images. It replaces an earlier drop of the batch.</summary>
    /// <param name="path">Path of the zip.</param>
    /// <param name="batch">Name of the batch.</param>
    /// <param name="note">What else to say about the zip, or null.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="InvalidDataException">The batch cannot be stored under its name.</exception>
    public async Task<DroppedItem> DropZipAsync(
        string path, string batch, string? note, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireName(batch);
        ETag zip = await storage.UploadAsync(BlobLayout.Images, BatchName.Zip(batch), path, progress, cancellationToken, BatchDrop.Metadata(finder));
        return new DroppedItem(DroppedKind.Batch, batch, InstanceIds.Batch(batch, zip.ToString()), 1, note is null ? [] : [note]);
    }

    private static void RequireName(string batch)
    {
        if (BatchName.FindProblem(batch) is string problem)
            throw new InvalidDataException($"A batch cannot be named '{batch}': the name {problem}. Choose another with --name.");
    }

    /// <summary>Uploads files, and then the marker with their list.</summary>
    /// <returns>Null if the batch should be new, but another drop was faster. Its list does not name these files.</returns>
    private async Task<DroppedItem?> DropAsync(
        IReadOnlyList<SetFile> files, string batch, bool isNew, IReadOnlyList<string> leftOut, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        BinaryData list = ReadyList.Write([.. files.Select(file => file.Path)]);
        int done = 0;
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelUploads, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                await storage.UploadAsync(BlobLayout.Images, $"{batch}/{file.Path}", file, token);
                progress?.Report((double)Interlocked.Increment(ref done) / files.Count);
            });
        try
        {
            var options = new BlobUploadOptions { Metadata = BatchDrop.Metadata(finder), Conditions = isNew ? new BlobRequestConditions { IfNoneMatch = ETag.All } : null };
            BlobContentInfo marker = await storage.Blob(BlobLayout.Images, BatchDrop.Marker(batch)).UploadAsync(list, options, cancellationToken);
            return new DroppedItem(DroppedKind.Batch, batch, InstanceIds.Batch(batch, marker.ETag.ToString()), files.Count, leftOut);
        }
        catch (RequestFailedException e) when (isNew && e.IsOvertaken())
        {
            return null;
        }
    }

    /// <summary>Finds out to whom the name of a batch belongs, if a single image may become the batch.</summary>
    private async Task<BatchOwner> FindOwnerAsync(string batch, string file, CancellationToken cancellationToken)
    {
        if (await storage.FindETagAsync(BlobLayout.Images, BatchName.Zip(batch), cancellationToken) is not null)
            return BatchOwner.Another;
        bool isMarked = await storage.FindETagAsync(BlobLayout.Images, BatchDrop.Marker(batch), cancellationToken) is not null;
        if (isMarked && await ReadListAsync(batch, cancellationToken) is { } listed)
            return listed.Count == 1 && listed.Contains(file) ? BatchOwner.ThisFile : BatchOwner.Another;

        // Earlier versions and other tools write empty markers, and an interrupted drop none.
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Images, $"{batch}/", cancellationToken))
        {
            string name = blob.Name[(batch.Length + 1)..];
            if (name != file && ImageNames.IsMeantAsImage(name))
                return BatchOwner.Another;
        }

        return isMarked ? BatchOwner.ThisFile : BatchOwner.None;
    }

    /// <summary>Reads a batch's list. A list that cannot be read is another drop's.</summary>
    private async Task<IReadOnlyCollection<string>?> ReadListAsync(string batch, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadyList.ReadAsync(storage, BlobLayout.Images, BatchDrop.Marker(batch), etag: null, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>To whom the name of a batch belongs.</summary>
    private enum BatchOwner
    {
        /// <summary>There is no such batch.</summary>
        None,

        /// <summary>The batch consists of the same file.</summary>
        ThisFile,

        /// <summary>The batch is another drop.</summary>
        Another,
    }
}
