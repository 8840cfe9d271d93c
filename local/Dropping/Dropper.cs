using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Dropping;

/// <summary>Uploads files as any storage tool would: labelled files to <c>datasets</c>, images
/// to <c>images</c> with their marker last.</summary>
public sealed class Dropper(PipelineStorage storage)
{
    private const int ParallelUploads = 8;
    private const int MostListed = 5;

    /// <summary>Uploads a file or folder.</summary>
    /// <param name="path">A labelled file (<see cref="FileNames.DatasetEndings"/>), which takes the sidecar beside it along; a sidecar of a
    /// file that was dropped before; an image; or a zip or folder of labels or images (<see cref="DroppedSet"/>).</param>
    /// <param name="name">Name of the batch, or of the folder of labels; null for the name of the file or folder.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the upload. Files that are already uploaded have no effect.</param>
    /// <exception cref="FileNotFoundException">There is nothing at <paramref name="path"/>.</exception>
    /// <exception cref="InvalidDataException">It is neither labelled data nor images, or it cannot be stored under its name. The message says what to do.</exception>
    public async Task<DroppedItem> DropAsync(
        string path, string? name, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full))
        {
            DroppedSet set = await DroppedSet.ReadLocalAsync(full, cancellationToken);
            return set.IsLabelled
                ? await new LabelledFolderDrop(storage).DropAsync(set, name ?? Path.GetFileName(full), progress, cancellationToken)
                : await DropFolderAsync(full, set.Note, name ?? Path.GetFileName(full), progress, cancellationToken);
        }

        if (!File.Exists(full))
            throw new FileNotFoundException($"There is no file or folder at {full}.", full);

        string file = Path.GetFileName(full);
        if (FileNames.IsTable(file) || FileNames.IsGzippedTable(file))
            return await DropDatasetAsync(full, progress, cancellationToken);
        if (SidecarFile.FindOwner(file) is string owner)
            return await DropSidecarAsync(full, owner, cancellationToken);
        if (FileNames.IsZip(file))
        {
            DroppedSet set = await DroppedSet.ReadLocalAsync(full, cancellationToken);
            return set.IsLabelled
                ? await DropDatasetAsync(full, progress, cancellationToken)
                : await DropZipAsync(full, set.Note, name ?? Path.GetFileNameWithoutExtension(file), progress, cancellationToken);
        }

        if (ImageNames.HasImageEnding(file))
            return await DropImagesAsync([(full, file)], passedOver: [], name ?? Path.GetFileNameWithoutExtension(file), progress, cancellationToken);
        throw new InvalidDataException(
            await DroppedSet.DescribeUnreadAsync(DatasetSource.FromFile(full), cancellationToken)
            ?? $"{file} can be neither trained on nor predicted. Drop labelled data ({FileNames.DatasetEndings}), an image "
            + $"({string.Join(", ", ImageNames.Endings)}), or a folder or {FileNames.Zip} of images.");
    }

    private static void RequireBatchName(string batch)
    {
        if (BatchName.FindProblem(batch) is string problem)
            throw new InvalidDataException($"A batch cannot be named '{batch}': the name {problem}. Choose another with --name.");
    }

    private async Task<DroppedItem> DropDatasetAsync(string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        if (DroppedBlob.Classify(BlobLayout.Datasets, name).Warning is string problem)
            throw new InvalidDataException(problem);

        // The sidecar first, so that the file's event finds it.
        bool hasSidecar = File.Exists(path + SidecarFile.Ending);
        string? sidecar = hasSidecar
            ? await UploadAsync(BlobLayout.Datasets, name + SidecarFile.Ending, path + SidecarFile.Ending, progress: null, cancellationToken)
            : await new BlobSidecar(storage, name).FindETagAsync(cancellationToken);
        string etag = await UploadAsync(BlobLayout.Datasets, name, path, progress, cancellationToken);
        return new DroppedItem(DroppedKind.Dataset, name, InstanceIds.Ingest(name, etag, sidecar), hasSidecar ? 2 : 1, []);
    }

    private async Task<DroppedItem> DropSidecarAsync(string path, string owner, CancellationToken cancellationToken)
    {
        if (await storage.FindETagAsync(BlobLayout.Datasets, owner, cancellationToken) is not ETag file)
            throw new InvalidDataException($"{Path.GetFileName(path)} belongs to {owner}, which was not dropped yet. Put both into one folder and drop {owner}.");
        string etag = await UploadAsync(BlobLayout.Datasets, owner + SidecarFile.Ending, path, progress: null, cancellationToken);
        return new DroppedItem(DroppedKind.Dataset, owner, InstanceIds.Ingest(owner, file.ToString(), etag), 1, []);
    }

    private async Task<DroppedItem> DropZipAsync(string path, string? note, string batch, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireBatchName(batch);
        string etag = await UploadAsync(BlobLayout.Images, BatchName.Zip(batch), path, progress, cancellationToken);
        return new DroppedItem(DroppedKind.Batch, batch, InstanceIds.Batch(batch, etag), 1, note is null ? [] : [note]);
    }

    private Task<DroppedItem> DropFolderAsync(
        string folder, string? note, string batch, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ILookup<bool, (string Path, string Name)> byUse = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Path: file, Name: Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(file => !FileNames.IsHidden(file.Name) && file.Name != BlobLayout.ReadyMarker)
            .ToLookup(file => ImageNames.IsMeantAsImage(file.Name));
        string[] others = [.. byUse[false].Select(file => file.Name)];
        return byUse[true].Any()
            ? DropImagesAsync([.. byUse[true]], [.. PassedOver(others), .. note is null ? (string[])[] : [note]], batch, progress, cancellationToken)
            : throw new InvalidDataException($"{folder} holds no images{(others.Length == 0 ? "" : $", only {Listed(others)}")}.");
    }

    private static IEnumerable<string> PassedOver(string[] others) =>
        others.Length == 0 ? [] : [$"{Listed(others)}: by their names they are no images"];

    private static string Listed(string[] names) => names.Length <= MostListed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names[..MostListed])} and {names.Length - MostListed:N0} more files";

    private async Task<DroppedItem> DropImagesAsync(
        (string Path, string Name)[] files, string[] passedOver, string batch, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireBatchName(batch);
        ILookup<string?, (string Path, string Name)> byProblem = files.ToLookup(file => BlobName.FindProblem($"{batch}/{file.Name}"));
        string[] leftOut = [.. byProblem.Where(group => group.Key is not null).SelectMany(group => group.Select(file => $"{file.Path}: its name {group.Key}")), .. passedOver];
        (string Path, string Name)[] usable = [.. byProblem[null]];
        if (usable.Length == 0)
            throw new InvalidDataException($"No file can be stored under its name. {leftOut[0]}. Rename it.");

        int done = 0;
        await Parallel.ForEachAsync(
            usable,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelUploads, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                await UploadAsync(BlobLayout.Images, $"{batch}/{file.Name}", file.Path, progress: null, token);
                progress?.Report((double)Interlocked.Increment(ref done) / usable.Length);
            });
        BlobContentInfo marker = await storage.Blob(BlobLayout.Images, $"{batch}/{BlobLayout.ReadyMarker}")
            .UploadAsync(BinaryData.Empty, overwrite: true, cancellationToken);
        return new DroppedItem(DroppedKind.Batch, batch, InstanceIds.Batch(batch, marker.ETag.ToString()), usable.Length, leftOut);
    }

    private async Task<string> UploadAsync(
        string container, string name, string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        long length = Math.Max(1, new FileInfo(path).Length);
        var options = new BlobUploadOptions();
        if (progress is not null)
            options.ProgressHandler = new Progress<long>(bytes => progress.Report((double)bytes / length));
        BlobContentInfo uploaded = await storage.Blob(container, name).UploadAsync(path, options, cancellationToken);
        return uploaded.ETag.ToString();
    }
}
