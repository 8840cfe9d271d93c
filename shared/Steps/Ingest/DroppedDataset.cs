using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Ingest;

/// <summary>A dropped file or folder of blobs, at one ETag.</summary>
/// <param name="storage">The account.</param>
/// <param name="path">The dataset's path (<see cref="DatasetPath"/>).</param>
/// <param name="found">Properties of the file, or of the folder's marker.</param>
/// <param name="sidecar">The sidecar beside a file.</param>
internal sealed class DroppedDataset(PipelineStorage storage, string path, BlobProperties found, BlobSidecar sidecar)
{
    /// <summary>The dataset's path.</summary>
    public string Path => path;

    private DatasetSource Source => new(path, OpenAsync, found.ContentLength, found.ETag.ToString()) { FindSidecarAsync = sidecar.FindAsync };

    /// <summary>Opens the file. Reading fails if it is replaced meanwhile.</summary>
    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => storage.Blob(BlobLayout.Datasets, path).OpenReadAsync(
        new BlobOpenReadOptions(allowModifications: false) { Conditions = new BlobRequestConditions { IfMatch = found.ETag } }, cancellationToken);

    /// <summary>Prepares it. Of a folder, the files that the marker lists are read, or all files if it lists none.</summary>
    public async Task<PreparationOutcome> PrepareAsync(
        DatasetPreparation preparation, PreparedOutput output, DatasetOptions options, CancellationToken cancellationToken)
    {
        if (!DatasetPath.IsFolder(path))
            return await ExplainAsync(await preparation.PrepareAsync(Source, output, options, progress: null, cancellationToken), cancellationToken);
        BlobFileSet files;
        try
        {
            files = await BlobFileSet.CompletedAsync(storage, BlobLayout.Datasets, path, found.ETag, ReadingOf, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            return new PreparationOutcome(new DatasetReport { Source = path, File = BlobLayout.ReadyMarker, Rejection = e.Message }, Manifest: null);
        }

        await using (files)
            return await preparation.PrepareAsync(files, path, found.ETag.ToString(), output, options, progress: null, cancellationToken);
    }

    /// <summary>A picture is read from start to end. Tables are too, but zips and arrays are read in any order.</summary>
    private static BlobReading ReadingOf(string file) => ImageNames.HasImageEnding(file) ? BlobReading.Once : BlobReading.AnyOrder;

    /// <summary>Says what to do with a table that was refused because it names its pictures as files.</summary>
    private async Task<PreparationOutcome> ExplainAsync(PreparationOutcome outcome, CancellationToken cancellationToken) =>
        !outcome.Accepted && !FileNames.IsZip(path) && await DroppedSet.DescribeWithoutPicturesAsync(Source, cancellationToken) is string reason
            ? outcome with { Report = outcome.Report with { Rejection = reason } }
            : outcome;

    /// <summary>Finds out whether a table is no dataset by itself but belongs to the other files of its folder.</summary>
    /// <returns>What it waits for, as a message; null if it waits for nothing.</returns>
    public async Task<string?> FindWhatItWaitsForAsync(CancellationToken cancellationToken) =>
        !DatasetPath.IsFolder(path) && DatasetPath.FolderAround(path) is string folder && await DroppedSet.NeedsFilesBesideAsync(Source, cancellationToken)
            ? $"{path} waits for {DatasetPath.BlobOf(folder)}: it has no labels with pixels by itself. It is read with the files beside it once that marker is there."
            : null;
}
