using KeypointPipeline.Api.Removal;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Erasure;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Withdraws or erases what was dropped under a path, or erases a group. The answer lists what remains and until when.
/// <c>path=PATH</c> withdraws: no later training uses it. <c>erase=true</c> also deletes every copy. <c>group=NAME</c> erases the rows of
/// one group under the path, or under every path with <c>everywhere=true</c>. <c>preview=true</c> only shows what would be
/// removed.</summary>
[ApiEndpoint(RemoveDataset.Method, RemoveDataset.Template)]
public sealed class RemoveDataset(
    DatasetPaths paths,
    PreparedDatasetStore prepared,
    DatasetErasure erasure,
    ErasedGroups groups,
    TrainingStop trainings,
    LearnedKeys learned,
    RemainingCopies remaining) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "delete";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "datasets";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        RemovalQuery query = RemovalQuery.Read(call.Query);
        if (query.Path is string named && DatasetPath.FindProblem(named) is string problem)
            throw new ApiProblemException(400, "Invalid request", $"The path {problem}.");
        if (query.Group is ulong group)
            return ApiAnswer.Ok(await EraseGroupAsync(call, group, query, cancellationToken));
        string path = query.Path!;
        if (query.Preview)
            return ApiAnswer.Ok(new DatasetRemoval(true, await DescribeAsync(path, query.Erase, cancellationToken), [], [], []));
        return ApiAnswer.Ok(query.Erase
            ? await ErasePathAsync(call, path, cancellationToken)
            : await WithdrawAsync(path, cancellationToken));
    }

    private async Task<DatasetRemoval> WithdrawAsync(string path, CancellationToken cancellationToken)
    {
        IReadOnlyList<RemovedDataset> removed = await DescribeAsync(path, all: false, cancellationToken);
        DatasetPathState state = await paths.WithdrawAsync(path, WithdrawalReason.Removed, cancellationToken) ?? throw NotFound(path);
        var remains = new List<RemainingCopy>();
        if (state.Withdrawn?.ETag is not null)
            remains.Add(new RemainingCopy(Dropped(path), null, "It stays until you delete it. A newer file of this path is in force again."));
        if (removed.Count > 0)
            remains.Add(new RemainingCopy("its prepared rows and reports", null, "They stay until you erase the path."));
        remains.AddRange(await remaining.OfModelsAsync([.. state.DatasetIds], cancellationToken));
        return new DatasetRemoval(false, removed, [], ["A training that already runs keeps its rows. Erasing stops it."], remains);
    }

    private async Task<DatasetRemoval> ErasePathAsync(ApiCall call, string path, CancellationToken cancellationToken)
    {
        IReadOnlyList<RemovedDataset> removed = await DescribeAsync(path, all: true, cancellationToken);
        IReadOnlyList<string> ids = await erasure.FindDatasetsAsync(path, cancellationToken);
        DatasetPathState state = await paths.WithdrawAsync(path, WithdrawalReason.Erased, cancellationToken)
            ?? (await erasure.HasRejectedAsync(path, cancellationToken) ? new DatasetPathState(path) : throw NotFound(path));
        var stopped = new List<string>(await StopAsync());
        IReadOnlyList<string> unknown = await learned.KeepAsync(ids, cancellationToken);
        ErasedCopies erased = await erasure.EraseAsync(state, cancellationToken);

        // A plan may have been written meanwhile.
        stopped.AddRange(await StopAsync());
        await erasure.DeleteUnneededAsync(erased.DatasetIds, cancellationToken);
        return new DatasetRemoval(
            false,
            removed,
            stopped,
            [.. Notes(path, erased), .. unknown],
            [
                .. await remaining.OfSidecarAsync(path, cancellationToken),
                .. await remaining.OfAttemptsAsync(cancellationToken),
                .. await remaining.OfDeletedAsync("rows", cancellationToken),
                .. await remaining.OfModelsAsync(ids, cancellationToken),
            ]);

        async Task<IReadOnlyList<string>> StopAsync() => await trainings.StopAsync(
            call.Workflows,
            await erasure.FindUnsharedAsync(ids, path, cancellationToken),
            $"{path} was erased, and this training used its rows",
            cancellationToken);
    }

    private async Task<DatasetRemoval> EraseGroupAsync(ApiCall call, ulong group, RemovalQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyList<GroupRows> found = await erasure.CountGroupAsync(group, query.Path, cancellationToken);
        IReadOnlyList<RemovedDataset> removed = [.. found.Select(rows => new RemovedDataset(rows.Path, rows.DatasetId, rows.Rows, rows.InForce))];
        if (query.Preview)
            return new DatasetRemoval(true, removed, [], [], []);

        // The tombstone first: an ingest that does not see it comes into force before the removal looks, and is rewritten there.
        await groups.AddAsync(group, query.Path, cancellationToken);
        string[] ids = [.. found.Select(rows => rows.DatasetId).Distinct(StringComparer.Ordinal)];
        const string Reason = "a group was erased, and this training used its rows";
        var stopped = new List<string>(await trainings.StopAsync(call.Workflows, ids, Reason, cancellationToken));
        IReadOnlyList<string> unknown = await learned.KeepAsync(ids, cancellationToken);
        var moved = new List<GroupRows>();
        foreach (string path in query.Path is string only ? [only] : await erasure.ListPathsAsync(cancellationToken))
            moved.AddRange(await erasure.RemoveErasedGroupsAsync(path, cancellationToken));
        stopped.AddRange(await trainings.StopAsync(call.Workflows, ids, Reason, cancellationToken));
        await erasure.DeleteUnneededAsync(moved.Select(rows => rows.DatasetId), cancellationToken);

        var files = moved.Select(rows => rows.Path).Distinct(StringComparer.Ordinal).Select(path => new RemainingCopy(
            $"{Dropped(path)}, and its copy in rejected/ if it was ever rejected",
            null,
            "Its rows of the group are left out of every later ingest. To delete them, drop the file without these rows, or erase the path."));
        return new DatasetRemoval(
            false,
            [.. moved.Select(rows => new RemovedDataset(rows.Path, rows.DatasetId, rows.Rows, rows.InForce, rows.NewDatasetId))],
            stopped,
            [moved.Count == 0 ? "No prepared row has this group." : "The rows of this group are erased.", "Later ingests leave them out.", .. unknown],
            [
                .. files,
                .. await remaining.OfAttemptsAsync(cancellationToken),
                .. await remaining.OfDeletedAsync("rows", cancellationToken),
                .. await remaining.OfModelsAsync(ids, cancellationToken),
            ]);
    }

    /// <summary>Describes the dataset in force, or all datasets of a path.</summary>
    private async Task<IReadOnlyList<RemovedDataset>> DescribeAsync(string path, bool all, CancellationToken cancellationToken)
    {
        DatasetPathState? state = await paths.FindAsync(path, cancellationToken);
        IReadOnlyList<string> ids = all ? await erasure.FindDatasetsAsync(path, cancellationToken)
            : state?.DatasetId is string current ? [current]
            : [];
        var found = new List<RemovedDataset>();
        foreach (string id in ids)
        {
            if (await prepared.FindAsync(id, cancellationToken) is DatasetManifest manifest)
                found.Add(new RemovedDataset(path, id, manifest.Rows, state?.InForce?.DatasetId == id));
        }

        return found;
    }

    private static IEnumerable<string> Notes(string path, ErasedCopies erased)
    {
        if (erased.NewerFile)
            yield return $"A newer file was dropped as datasets/{path} meanwhile. It stays and comes into force.";
        foreach (string other in erased.Kept)
            yield return $"datasets/{other} is a dataset of its own in this folder. Its file stays; erase that path too.";
        foreach (string other in erased.SharedWith)
            yield return $"datasets/{other} has the same rows. They stay in force there; erase that path too.";
        foreach (string folder in erased.InUse)
            yield return $"A program still reads {folder}. Send the request again in a minute.";
    }

    private static string Dropped(string path) =>
        DatasetPath.IsFolder(path) ? $"the dropped folder datasets/{path}" : $"the dropped file datasets/{path}";

    private static ApiProblemException NotFound(string path) => new(
        404, "No such dataset", $"Nothing was dropped as datasets/{path}. {ApiRoute.Of<ListDatasets>()} lists the paths.");
}
