using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets;

/// <summary>The paths of dropped datasets and what is in force for each (<see cref="DatasetPathState"/>). Every change is guarded by the
/// document's ETag, so that two hosts do not overwrite each other.</summary>
/// <remarks>Paths without a document were prepared by an earlier version of the pipeline. Their newest prepared dataset is taken over. The
/// current version writes a path's document before it writes a prepared dataset of that path, so nothing else lacks one.</remarks>
public sealed class DatasetPaths(PipelineStorage storage, PreparedDatasetStore prepared, TimeProvider time)
{
    /// <summary>Name in <see cref="BlobLayout.Prepared"/> of a path's document.</summary>
    internal static string BlobOf(string path) =>
        $"{BlobLayout.PreparedPaths}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..32]}.json";

    /// <summary>Lists the datasets that later trainings use, by path. <see cref="ReconcileAsync"/> first compares them with the files.</summary>
    public async Task<IReadOnlyList<DatasetInForce>> ListInForceAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken)).Select(state => state.InForce).OfType<DatasetInForce>()];

    /// <summary>Lists all paths, also withdrawn ones, by path.</summary>
    public async Task<IReadOnlyList<DatasetPathState>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ListStoredAsync(cancellationToken)).Select(path => path.Value)];

    /// <summary>Finds a path's state, or null if nothing was ever accepted or withdrawn under this path.</summary>
    public async Task<DatasetPathState?> FindAsync(string path, CancellationToken cancellationToken) =>
        (await ReadAsync(path, cancellationToken))?.Value ?? TakeOver(await prepared.ListAsync(cancellationToken), path).FirstOrDefault();

    /// <summary>Writes the path's document if it has none. Call it before writing a prepared dataset of the path.</summary>
    public async Task RegisterAsync(string path, CancellationToken cancellationToken)
    {
        if (await ReadAsync(path, cancellationToken) is null)
        {
            DatasetPathState state = await FindAsync(path, cancellationToken) ?? new DatasetPathState(path);
            await storage.TryReplaceAsync(BlobLayout.Prepared, BlobOf(path), state, expected: null, cancellationToken);
        }
    }

    /// <summary>Puts a prepared dataset in force for a path, if its file is still the one that was prepared and nobody withdrew it meanwhile.</summary>
    /// <param name="path">The dataset's path (<see cref="DatasetPath"/>).</param>
    /// <param name="datasetId">The dataset that was prepared from it.</param>
    /// <param name="etag">ETag of the file that was prepared.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>False if the file was replaced, deleted or withdrawn. The path's state is unchanged then.</returns>
    public async Task<bool> PutInForceAsync(string path, string datasetId, string etag, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The document first: if a newer file comes into force after this look, the guarded write fails.
            StoredDocument<DatasetPathState>? stored = await ReadAsync(path, cancellationToken);
            DatasetPathState state = stored?.Value ?? await FindAsync(path, cancellationToken) ?? new DatasetPathState(path);
            if (state.IsRefused(etag) || !BlobETag.Same($"{await storage.FindETagAsync(BlobLayout.Datasets, DatasetPath.BlobOf(path), cancellationToken)}", etag))
                return false;
            ETag? rejection = await storage.FindETagAsync(BlobLayout.Rejected, path + BlobLayout.RejectionReportEnding, cancellationToken);
            DatasetPathState next = state.With(datasetId, etag, rejection?.ToString(), time.GetUtcNow());
            if (next == state || await ReplaceAsync(next, stored?.ETag, cancellationToken))
                return true;
        }
    }

    /// <summary>Withdraws a path: no later training uses it. A newer file of the path is in force again. Repeating it changes nothing.</summary>
    /// <returns>The path's state, or null if there is neither a dataset nor a file of this path.</returns>
    public async Task<DatasetPathState?> WithdrawAsync(string path, WithdrawalReason reason, CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredDocument<DatasetPathState>? stored = await ReadAsync(path, cancellationToken);
            DatasetPathState? state = stored?.Value ?? await FindAsync(path, cancellationToken);
            string? file = (await storage.FindETagAsync(BlobLayout.Datasets, DatasetPath.BlobOf(path), cancellationToken))?.ToString();
            if (state is null && file is null)
                return null;
            DatasetPathState next = (state ?? new DatasetPathState(path)).Withdraw(reason, file ?? state?.Withdrawn?.ETag, time.GetUtcNow());
            if (next == stored?.Value || await ReplaceAsync(next, stored?.ETag, cancellationToken))
                return next;
        }
    }

    /// <summary>Moves a path to a dataset without erased rows, if the path still has the dataset that was rewritten.</summary>
    /// <param name="path">The path.</param>
    /// <param name="from">Id of the dataset with the erased rows.</param>
    /// <param name="to">Id of the dataset without them, or null if no row is left: the path is then withdrawn.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task MoveAsync(string path, string from, string? to, CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredDocument<DatasetPathState>? stored = await ReadAsync(path, cancellationToken);
            DatasetPathState? state = stored?.Value ?? await FindAsync(path, cancellationToken);
            if (state?.Owns(from) != true || await ReplaceAsync(state.Move(to, time.GetUtcNow()), stored?.ETag, cancellationToken))
                return;
        }
    }

    /// <summary>Compares the paths with the files in <c>datasets</c>. Withdraws paths whose file was deleted or whose prepared copy is gone,
    /// and puts them in force again if the same file or copy is back. Writes the documents of paths that it takes over from an earlier
    /// version.</summary>
    /// <returns>The datasets that later trainings use, by path.</returns>
    /// <exception cref="VanishedDatasetsException">More than half of the files vanished at once, and at least two. Nothing is withdrawn.</exception>
    /// <exception cref="RequestFailedException">The files could not be listed. Nothing is withdrawn.</exception>
    public async Task<IReadOnlyList<DatasetInForce>> ReconcileAsync(CancellationToken cancellationToken)
    {
        // The documents first: a file that comes into force after the listing must not look deleted.
        IReadOnlyList<StoredPath> paths = await ListStoredAsync(cancellationToken);
        Dictionary<string, string> files = await ListFilesAsync(cancellationToken);
        HashSet<string> deleted = await FindDeletedAsync(paths, files, cancellationToken);
        var result = new List<DatasetInForce>();
        foreach (StoredPath path in paths)
        {
            DatasetPathState state = path.Value;
            DatasetPathState next = deleted.Contains(state.Path)
                ? state.Withdraw(WithdrawalReason.Deleted, etag: null, time.GetUtcNow())
                : await CompareAsync(path, files.GetValueOrDefault(DatasetPath.BlobOf(state.Path)), cancellationToken);
            bool written = (next == state && path.ETag is not null) || await ReplaceAsync(next, path.ETag, cancellationToken);
            if ((written ? next : await FindAsync(next.Path, cancellationToken))?.InForce is DatasetInForce used)
                result.Add(used);
        }

        return result;
    }

    private async Task<DatasetPathState> CompareAsync(StoredPath path, string? file, CancellationToken cancellationToken)
    {
        DatasetPathState state = path.Value with { FileGone = file is null && (path.ETag is null || path.Value.FileGone) };
        bool isPrepared = path.IsPrepared || (state.DatasetId is string id && await prepared.FindAsync(id, cancellationToken) is not null);
        return state.Withdrawn?.Reason switch
        {
            null when state.DatasetId is not null && !isPrepared => state.Withdraw(WithdrawalReason.Lost, file, time.GetUtcNow()),
            WithdrawalReason.Deleted when file is not null && BlobETag.Same(file, state.SourceETag) => state.Restore(time.GetUtcNow()),
            WithdrawalReason.Lost when isPrepared => state.Restore(time.GetUtcNow()),
            _ => state,
        };
    }

    /// <summary>Finds the paths in force whose file is gone. Asks for each of these files itself, because a listing may be incomplete.</summary>
    private async Task<HashSet<string>> FindDeletedAsync(
        IReadOnlyList<StoredPath> paths, Dictionary<string, string> files, CancellationToken cancellationToken)
    {
        string[] expected = [.. paths.Where(path => path is { ETag: not null, Value: { InForce: not null, FileGone: false } }).Select(path => path.Value.Path)];
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in expected.Where(path => !files.ContainsKey(DatasetPath.BlobOf(path))))
        {
            if (await storage.FindETagAsync(BlobLayout.Datasets, DatasetPath.BlobOf(path), cancellationToken) is null)
                deleted.Add(path);
        }

        return deleted.Count > 1 && 2 * deleted.Count > expected.Length
            ? throw new VanishedDatasetsException(
                $"{deleted.Count} of {expected.Length} dropped files are gone from the datasets container: {ShownText.List(deleted)}. "
                + "Nothing was withdrawn. Restore them. If you deleted them on purpose, confirm each with `keypoints datasets remove PATH`.")
            : deleted;
    }

    private async Task<Dictionary<string, string>> ListFilesAsync(CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Datasets, prefix: null, cancellationToken))
            files[blob.Name] = $"{blob.Properties.ETag}";
        return files;
    }

    private async Task<IReadOnlyList<StoredPath>> ListStoredAsync(CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, StoredPath>(StringComparer.Ordinal);
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Prepared, BlobLayout.PreparedPaths, cancellationToken))
        {
            if (await storage.ReadAsync<DatasetPathState>(BlobLayout.Prepared, blob.Name, cancellationToken) is { } stored)
                paths[stored.Value.Path] = new StoredPath(stored.Value, stored.ETag);
        }

        // The manifests last: a document that is written between the two looks is newer than what would be taken over.
        IReadOnlyList<DatasetManifest> manifests = await prepared.ListAsync(cancellationToken);
        foreach (DatasetPathState old in TakeOver(manifests, path: null))
        {
            if (!paths.ContainsKey(old.Path) && await ReadAsync(old.Path, cancellationToken) is null)
                paths[old.Path] = new StoredPath(old, ETag: null);
        }

        var ids = manifests.Select(manifest => manifest.DatasetId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. paths.Values.OrderBy(path => path.Value.Path, StringComparer.Ordinal)
                .Select(path => path with { IsPrepared = path.Value.DatasetId is string id && ids.Contains(id) }),
        ];
    }

    /// <summary>The newest prepared dataset of each path.</summary>
    private static IEnumerable<DatasetPathState> TakeOver(IReadOnlyList<DatasetManifest> oldestFirst, string? path) =>
        from manifest in oldestFirst
        where path is null || manifest.Source == path
        group manifest by manifest.Source into sets
        let newest = sets.Last()
        select new DatasetPathState(
            sets.Key,
            newest.DatasetId,
            newest.SourceETag,
            newest.PreparedAt,
            TakenOver: true,
            Earlier: sets.Count() == 1
                ? null
                : [.. sets.SkipLast(1).Select(old => new EarlierDataset(old.DatasetId, old.SourceETag, old.PreparedAt, newest.PreparedAt))]);

    private Task<StoredDocument<DatasetPathState>?> ReadAsync(string path, CancellationToken cancellationToken) =>
        storage.ReadAsync<DatasetPathState>(BlobLayout.Prepared, BlobOf(path), cancellationToken);

    private Task<bool> ReplaceAsync(DatasetPathState state, ETag? expected, CancellationToken cancellationToken) =>
        storage.TryReplaceAsync(BlobLayout.Prepared, BlobOf(state.Path), state, expected, cancellationToken);

    /// <summary>A path's state as it was read.</summary>
    /// <param name="Value">The state.</param>
    /// <param name="ETag">Its document's ETag, or null if it has no document yet.</param>
    /// <param name="IsPrepared">Whether its prepared copy was listed. A listing may be incomplete.</param>
    private sealed record StoredPath(DatasetPathState Value, ETag? ETag, bool IsPrepared = false);
}

/// <summary>Thrown when so many dropped files vanished at once that a mistake is more likely than their deletion.</summary>
public sealed class VanishedDatasetsException(string message) : Exception(message);
