using Azure;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Local.Dropping;

/// <summary>Uploads files as any storage tool would: labelled files to <c>datasets</c>, images
/// to <c>images</c> with their marker last.</summary>
public sealed class Dropper(PipelineStorage storage)
{
    private const int StartBytes = 32;

    /// <summary>What finds the instances of dropped pictures; null to state nothing. Labelled data cannot be dropped with it.</summary>
    public FinderKind? Finder { get; init; }

    /// <summary>Uploads a file or folder.</summary>
    /// <param name="path">A labelled file (<see cref="FileNames.DatasetEndings"/>), which takes the sidecar beside it along; a label file that
    /// names pictures in its folder, which takes them along; a sidecar of a file that was dropped before; an image; or a zip or folder of labels or images (<see cref="DroppedSet"/>).</param>
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
                ? await Labelled().DropAsync(set, name ?? Path.GetFileName(full), progress, cancellationToken)
                : await new ImageDrop(storage, Finder).DropFolderAsync(full, name ?? Path.GetFileName(full), set.Note, progress, cancellationToken);
        }

        if (!File.Exists(full))
            throw new FileNotFoundException($"There is no file or folder at {full}.", full);

        string file = Path.GetFileName(full);
        if (!FileNames.IsZip(file) && await DroppedSet.ReadLabelFileAsync(full, cancellationToken) is DroppedSet labels)
            return await Labelled().DropAsync(labels, name ?? Path.GetFileNameWithoutExtension(file), progress, cancellationToken);
        if (FileNames.IsTable(file) || FileNames.IsGzippedTable(file))
            return await DropDatasetAsync(full, progress, cancellationToken);
        if (SidecarFile.FindOwner(file) is string owner)
            return await DropSidecarAsync(full, owner, cancellationToken);
        if (FileNames.IsZip(file))
        {
            DroppedSet set = await DroppedSet.ReadLocalAsync(full, cancellationToken);
            return set.IsLabelled
                ? await DropDatasetAsync(full, progress, cancellationToken)
                : await new ImageDrop(storage, Finder).DropZipAsync(full, name ?? Path.GetFileNameWithoutExtension(file), set.Note, progress, cancellationToken);
        }

        if (await IsImageAsync(full, cancellationToken))
            return await new ImageDrop(storage, Finder).DropImageAsync(full, name, progress, cancellationToken);
        throw new InvalidDataException(
            await DroppedSet.DescribeUnreadAsync(DatasetSource.FromFile(full), cancellationToken)
            ?? ImageNames.DescribeOther(file)
            ?? $"{file} can be neither trained on nor predicted. Drop labelled data ({FileNames.DatasetEndings}), an image "
            + $"({string.Join(", ", ImageNames.Endings)}), or a folder or {FileNames.Zip} of images.");
    }

    /// <summary>Whether a file is an image by its ending, or has none and is one by its content, as in a folder.</summary>
    /// <exception cref="InvalidDataException">It is an image in a format that is not read.</exception>
    private static async Task<bool> IsImageAsync(string path, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        if (ImageNames.HasImageEnding(name) || !ImageNames.IsMeantAsImage(name))
            return ImageNames.HasImageEnding(name);
        byte[] start = new byte[StartBytes];
        await using FileStream file = File.OpenRead(path);
        int length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return ImageDecoder.Recognizes(start.AsSpan(0, length)) || (ImageDecoder.DescribeForeign(start.AsSpan(0, length)) is string reason
            ? throw new InvalidDataException($"{name} cannot be dropped: {reason}")
            : false);
    }

    private LabelledFolderDrop Labelled()
    {
        RefuseFinder();
        return new LabelledFolderDrop(storage);
    }

    /// <summary>A person who states a finder takes the data for pictures to predict.</summary>
    private void RefuseFinder()
    {
        if (Finder is not null)
            throw new InvalidDataException("This is labelled data to train on. --finder goes with pictures to predict.");
    }

    private async Task<DroppedItem> DropDatasetAsync(string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RefuseFinder();
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

    private async Task<string> UploadAsync(
        string container, string name, string path, IProgress<double>? progress, CancellationToken cancellationToken) =>
        (await storage.UploadAsync(container, name, path, progress, cancellationToken)).ToString();
}
