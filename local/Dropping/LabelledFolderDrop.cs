using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Local.Dropping;

/// <summary>Uploads the labels of a folder of this machine to <c>datasets/{folder}/</c>: only the files that the training needs.</summary>
internal sealed class LabelledFolderDrop(PipelineStorage storage)
{
    /// <summary>Uploads the files. A table with pixels is a dataset by itself and starts at once; otherwise the marker comes last and starts
    /// the folder.</summary>
    /// <param name="set">What the folder holds.</param>
    /// <param name="name">Name of the folder in storage.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="InvalidDataException">A file cannot be stored under its name. The message says why.</exception>
    public async Task<DroppedItem> DropAsync(DroppedSet set, string name, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        bool isOneTable = set.StartsByItself;
        string path = isOneTable ? $"{name}/{set.Files.First(file => FileNames.IsDataset(file.Path)).Path}" : $"{name}/";
        foreach (SetFile file in set.Files)
        {
            if (DroppedBlob.Classify(BlobLayout.Datasets, $"{name}/{file.Path}").Warning is string problem)
                throw new InvalidDataException(problem);
            if (BlobName.FindProblem($"{name}/{file.Path}") is string reason)
                throw new InvalidDataException($"{file.Path} cannot be stored: its name {reason}. Rename it.");
        }

        IReadOnlyList<string> leftOut = set.Note is null ? [] : [set.Note];
        if (isOneTable)
        {
            (string table, string? sidecar) = await DropTableAsync(set, name, path, progress, cancellationToken);
            return new DroppedItem(DroppedKind.Dataset, path, InstanceIds.Ingest(path, table, sidecar), set.Files.Count, leftOut);
        }

        await UploadAsync(set.Files, name, progress, cancellationToken);
        BinaryData list = ReadyList.Write([.. set.Files.Select(file => file.Path)]);
        BlobContentInfo marker = await storage.Blob(BlobLayout.Datasets, DatasetPath.BlobOf(path)).UploadAsync(list, overwrite: true, cancellationToken);
        return new DroppedItem(DroppedKind.Dataset, path, InstanceIds.Ingest(path, marker.ETag.ToString()), set.Files.Count, leftOut);
    }

    /// <summary>Uploads a table and its sidecar. The table last: its event finds the sidecar.</summary>
    /// <returns>The ETags of table and sidecar.</returns>
    private async Task<(string Table, string? Sidecar)> DropTableAsync(
        DroppedSet set, string name, string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int done = 0;
        string? sidecar = null;
        string etag = "";
        foreach (SetFile file in set.Files.OrderBy(file => FileNames.IsDataset(file.Path)))
        {
            bool isSidecar = !FileNames.IsDataset(file.Path);
            etag = (await storage.UploadAsync(
                BlobLayout.Datasets, isSidecar ? path + SidecarFile.Ending : $"{name}/{file.Path}", file, cancellationToken)).ToString();
            sidecar = isSidecar ? etag : sidecar;
            progress?.Report((double)++done / set.Files.Count);
        }

        return (etag, sidecar);
    }

    private async Task UploadAsync(IReadOnlyList<SetFile> files, string name, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ImageDrop.ParallelUploads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files, options, async (file, token) =>
        {
            await storage.UploadAsync(BlobLayout.Datasets, $"{name}/{file.Path}", file, token);
            progress?.Report((double)Interlocked.Increment(ref done) / files.Count);
        });
    }
}
