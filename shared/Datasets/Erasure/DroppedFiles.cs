using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Erasure;

/// <summary>Deletes what was dropped under a path: one file, or a folder's files.</summary>
internal sealed class DroppedFiles(PipelineStorage storage)
{
    /// <summary>Blobs that are deleted at once.</summary>
    private const int Deletions = 16;

    /// <summary>Deletes the files of a withdrawn path, with their snapshots. Files that were dropped after the withdrawal stay.</summary>
    /// <param name="withdrawn">The path.</param>
    /// <param name="others">The other paths. Files of a folder that are datasets of their own stay if they are in force.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<DeletedFiles> DeleteAsync(
        DatasetPathState withdrawn, IReadOnlyList<DatasetPathState> others, CancellationToken cancellationToken)
    {
        string path = withdrawn.Path;
        // Listed first: a file that is dropped from now on has another ETag.
        List<BlobItem> files = DatasetPath.IsFolder(path)
            ? await storage.ListAsync(BlobLayout.Datasets, path, cancellationToken).ToListAsync(cancellationToken)
            : [];
        string blob = DatasetPath.BlobOf(path);
        bool isGone = withdrawn.Withdrawn?.ETag is string etag
            ? await TryDeleteAsync(blob, new ETag(etag), cancellationToken)
            : await storage.FindETagAsync(BlobLayout.Datasets, blob, cancellationToken) is null;
        if (!isGone)
            return new DeletedFiles(NewerFile: true, []);

        string[] datasets = [.. others.Where(state => state.Path != path && state.InForce is not null).Select(state => state.Path)];
        var kept = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Deletions, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files.Where(file => file.Name != blob), options, async (file, token) =>
        {
            if (datasets.FirstOrDefault(dataset => Holds(dataset, file.Name)) is string owner)
                kept[owner] = true;
            else
                await TryDeleteAsync(file.Name, file.Properties.ETag!.Value, token);
        });
        return new DeletedFiles(NewerFile: false, [.. kept.Keys.Order(StringComparer.Ordinal)]);
    }

    private static bool Holds(string dataset, string file) => DatasetPath.IsFolder(dataset)
        ? file.StartsWith(dataset, StringComparison.Ordinal)
        : file == dataset || file == dataset + SidecarFile.Ending;

    private async Task<bool> TryDeleteAsync(string blob, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            await storage.Blob(BlobLayout.Datasets, blob).DeleteIfExistsAsync(
                DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = etag }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.IsReplaced())
        {
            // Storage answers the same for a blob that is gone.
            return await storage.FindETagAsync(BlobLayout.Datasets, blob, cancellationToken) is null;
        }
    }
}

/// <summary>What was deleted of a path's files.</summary>
/// <param name="NewerFile">A newer file of the path was dropped meanwhile. Nothing was deleted.</param>
/// <param name="Kept">Paths in force whose files lie in the folder. They stay.</param>
internal sealed record DeletedFiles(bool NewerFile, IReadOnlyList<string> Kept);
