using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Erasure;

/// <summary>Erases datasets and groups: deletes or rewrites every copy that the pipeline made of their rows. Every method can run
/// twice, and while datasets are ingested.</summary>
public sealed class DatasetErasure(
    PipelineStorage storage, DatasetPaths paths, PreparedDatasetStore prepared, DatasetCopies copies, ErasedGroups groups, TimeProvider time)
{
    private readonly GroupRemoval _removal = new(storage, prepared, time);
    private readonly DroppedFiles _files = new(storage);

    /// <summary>Finds the prepared datasets of a path: those that are or were in force, and those that never came into force.</summary>
    /// <returns>Ids in the order of the path's history.</returns>
    public async Task<IReadOnlyList<string>> FindDatasetsAsync(string path, CancellationToken cancellationToken)
    {
        DatasetPathState? state = await paths.FindAsync(path, cancellationToken);
        IEnumerable<string> ofPath = (await prepared.ListAsync(cancellationToken)).Where(set => set.Source == path).Select(set => set.DatasetId);
        return [.. (state?.DatasetIds ?? []).Union(ofPath, StringComparer.Ordinal)];
    }

    /// <summary>Chooses the datasets whose rows no other path has.</summary>
    public async Task<IReadOnlyList<string>> FindUnsharedAsync(
        IReadOnlyList<string> datasetIds, string path, CancellationToken cancellationToken)
    {
        IReadOnlyList<DatasetPathState> states = await paths.ListAsync(cancellationToken);
        return [.. datasetIds.Where(id => !OtherOwners(states, id, path).Any())];
    }

    /// <summary>Deletes the dropped file or folder of a withdrawn path and every copy of its rows. A file that was dropped after the
    /// withdrawal stays.</summary>
    public async Task<ErasedCopies> EraseAsync(DatasetPathState withdrawn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(withdrawn);
        DeletedFiles files = await _files.DeleteAsync(withdrawn, await paths.ListAsync(cancellationToken), cancellationToken);
        var deleted = new List<string>();
        var shared = new List<string>();
        var inUse = new List<string>();
        foreach (string id in await FindDatasetsAsync(withdrawn.Path, cancellationToken))
        {
            IReadOnlyList<string> owners = await FindOtherOwnersAsync(id, withdrawn.Path, cancellationToken);
            shared.AddRange(owners);
            if (owners.Count > 0)
                continue;
            inUse.AddRange(await copies.DeleteAsync(id, cancellationToken));
            deleted.Add(id);
        }

        if (!files.NewerFile)
            await copies.DeleteRejectedAsync(withdrawn.Path, cancellationToken);
        return new ErasedCopies(deleted, [.. shared.Distinct(StringComparer.Ordinal)], inUse, files.NewerFile, files.Kept);
    }

    /// <summary>Deletes datasets again that no path needs. A trainer that was stopped after their first deletion may have downloaded
    /// them meanwhile.</summary>
    public async Task DeleteUnneededAsync(IEnumerable<string> datasetIds, CancellationToken cancellationToken)
    {
        IReadOnlyList<DatasetPathState> states = await paths.ListAsync(cancellationToken);
        foreach (string id in datasetIds.Where(id => !states.Any(state => state.Owns(id))))
            await copies.DeleteAsync(id, cancellationToken);
    }

    /// <summary>Whether a file of the path was rejected and its report is kept.</summary>
    public async Task<bool> HasRejectedAsync(string path, CancellationToken cancellationToken) =>
        await storage.FindETagAsync(BlobLayout.Rejected, path + BlobLayout.RejectionReportEnding, cancellationToken) is not null;

    /// <summary>Counts the rows of a group in the prepared datasets. Changes nothing.</summary>
    /// <param name="group">Hash of the group.</param>
    /// <param name="path">The path to look in, or null for every path.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<IReadOnlyList<GroupRows>> CountGroupAsync(ulong group, string? path, CancellationToken cancellationToken)
    {
        var found = new List<GroupRows>();
        foreach (string owner in path is null ? await ListPathsAsync(cancellationToken) : [path])
        {
            DatasetPathState? state = await paths.FindAsync(owner, cancellationToken);
            foreach (string id in await FindDatasetsAsync(owner, cancellationToken))
            {
                if (await _removal.CountAsync(id, new HashSet<ulong> { group }, cancellationToken) is int rows and > 0)
                    found.Add(new GroupRows(owner, id, rows, state?.InForce?.DatasetId == id));
            }
        }

        return found;
    }

    /// <summary>Removes the rows of all erased groups from every prepared dataset of a path. A dataset in force is written again
    /// without them, and its path moves to the new dataset. Others are deleted.</summary>
    /// <returns>What was removed.</returns>
    public async Task<IReadOnlyList<GroupRows>> RemoveErasedGroupsAsync(string path, CancellationToken cancellationToken)
    {
        IReadOnlySet<ulong> erased = await groups.ListAsync(path, cancellationToken);
        var removed = new List<GroupRows>();
        foreach (string id in erased.Count == 0 ? [] : await FindDatasetsAsync(path, cancellationToken))
        {
            int rows = await _removal.CountAsync(id, erased, cancellationToken);
            if (rows == 0)
                continue;
            string? next = await MoveAsync(path, id, erased, cancellationToken);
            removed.Add(new GroupRows(path, id, rows, next is not null, next));
            if ((await FindOtherOwnersAsync(id, path, cancellationToken)).Count == 0)
                await copies.DeleteAsync(id, cancellationToken);
        }

        return removed;
    }

    /// <summary>Lists the hashes of the groups whose rows a path must not have.</summary>
    public Task<IReadOnlySet<ulong>> ListErasedGroupsAsync(string path, CancellationToken cancellationToken) =>
        groups.ListAsync(path, cancellationToken);

    /// <summary>Deletes what an ingest wrote for a file that was erased meanwhile.</summary>
    /// <param name="path">The path.</param>
    /// <param name="etag">ETag of the file that was ingested.</param>
    /// <param name="datasetId">The dataset that did not come into force, or null if the file was rejected.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task DiscardErasedAsync(string path, string etag, string? datasetId, CancellationToken cancellationToken)
    {
        if ((await paths.FindAsync(path, cancellationToken))?.Withdrawn?.Reason != WithdrawalReason.Erased
            || BlobETag.Same($"{await storage.FindETagAsync(BlobLayout.Datasets, DatasetPath.BlobOf(path), cancellationToken)}", etag))
            return;
        if (datasetId is null)
            await copies.DeleteRejectedAsync(path, cancellationToken);
        else if (!(await paths.ListAsync(cancellationToken)).Any(state => state.Owns(datasetId)))
            await copies.DeleteAsync(datasetId, cancellationToken);
    }

    /// <summary>Lists every path that a prepared dataset came from.</summary>
    public async Task<IReadOnlyList<string>> ListPathsAsync(CancellationToken cancellationToken) =>
    [
        .. (await paths.ListAsync(cancellationToken)).Select(state => state.Path)
            .Union((await prepared.ListAsync(cancellationToken)).Select(set => set.Source), StringComparer.Ordinal),
    ];

    /// <summary>The other paths whose rows a dataset is, so that erasing one path must not delete it.</summary>
    private async Task<IReadOnlyList<string>> FindOtherOwnersAsync(string datasetId, string path, CancellationToken cancellationToken) =>
        [.. OtherOwners(await paths.ListAsync(cancellationToken), datasetId, path)];

    private static IEnumerable<string> OtherOwners(IReadOnlyList<DatasetPathState> states, string datasetId, string path) =>
        states.Where(state => state.Path != path && state.Owns(datasetId)).Select(state => state.Path);

    private async Task<string?> MoveAsync(string path, string id, IReadOnlySet<ulong> erased, CancellationToken cancellationToken)
    {
        if ((await paths.FindAsync(path, cancellationToken))?.Owns(id) != true)
            return null;
        DatasetManifest? next = await _removal.WriteWithoutAsync(id, erased, cancellationToken);
        await paths.MoveAsync(path, id, next?.DatasetId, cancellationToken);
        return next?.DatasetId;
    }
}

/// <summary>What erasing a path deleted.</summary>
/// <param name="DatasetIds">The prepared datasets that were deleted.</param>
/// <param name="SharedWith">Other paths with the same rows. Their prepared datasets stay.</param>
/// <param name="InUse">Folders of this host that another program has open. They could not be deleted.</param>
/// <param name="NewerFile">A newer file of the path was dropped meanwhile. It stays.</param>
/// <param name="Kept">Paths in force whose files lie in the erased folder. They stay.</param>
public sealed record ErasedCopies(
    IReadOnlyList<string> DatasetIds, IReadOnlyList<string> SharedWith, IReadOnlyList<string> InUse, bool NewerFile, IReadOnlyList<string> Kept);

/// <summary>Rows of a group in a prepared dataset.</summary>
/// <param name="Path">Path of the dropped file.</param>
/// <param name="DatasetId">Id of the dataset.</param>
/// <param name="Rows">Number of the group's rows.</param>
/// <param name="InForce">Whether the dataset is in force.</param>
/// <param name="NewDatasetId">Id of the dataset without these rows; null if it was not written again.</param>
public sealed record GroupRows(string Path, string DatasetId, int Rows, bool InForce, string? NewDatasetId = null);
