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
        SetFile[] tables = [.. set.Files.Where(file => FileNames.IsDataset(file.Path))];
        bool isOneTable = !set.Files.Any(file => FileNames.IsArray(file.Path));
        string path = isOneTable ? $"{name}/{tables[0].Path}" : $"{name}/";
        foreach (SetFile file in set.Files)
        {
            if (DroppedBlob.Classify(BlobLayout.Datasets, $"{name}/{file.Path}").Warning is string problem)
                throw new InvalidDataException(problem);
        }

        // The table last: its event finds the sidecar and the images.
        int done = 0;
        string? sidecar = null;
        string etag = "";
        foreach (SetFile file in set.Files.OrderBy(file => FileNames.IsDataset(file.Path)))
        {
            bool isSidecar = isOneTable && !FileNames.IsDataset(file.Path);
            etag = (await storage.UploadAsync(
                BlobLayout.Datasets, isSidecar ? path + SidecarFile.Ending : $"{name}/{file.Path}", file, cancellationToken)).ToString();
            sidecar = isSidecar ? etag : sidecar;
            progress?.Report((double)++done / set.Files.Count);
        }

        if (!isOneTable)
        {
            BinaryData list = ReadyList.Write([.. set.Files.Select(file => file.Path)]);
            BlobContentInfo marker = await storage.Blob(BlobLayout.Datasets, DatasetPath.BlobOf(path)).UploadAsync(list, overwrite: true, cancellationToken);
            etag = marker.ETag.ToString();
        }

        return new DroppedItem(DroppedKind.Dataset, path, InstanceIds.Ingest(path, etag, sidecar), set.Files.Count, []);
    }
}
