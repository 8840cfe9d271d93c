using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Lists the datasets in force, withdrawn paths, and the paths of files that were rejected or whose workflow could not be
/// started. It compares the paths with the files first, as planning does. <c>path=PATH</c> gives one path only, with its newest report.
/// 400: the path is not valid. 404: nothing was dropped under it.</summary>
[ApiEndpoint(ListDatasets.Method, ListDatasets.Template)]
public sealed class ListDatasets(PipelineStorage storage, DatasetPaths paths, PreparedDatasetStore prepared) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "datasets";

    /// <summary>Query value with the only path to list.</summary>
    public const string PathName = "path";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string? only = call.Query.GetValueOrDefault(PathName);
        if (only is not null && DatasetPath.FindProblem(only) is string problem)
            throw new ApiProblemException(400, "Invalid request", $"The path {problem}. Percent-encode it: {PathName}=folder/my%20file.csv.");
        DatasetList list = await ListAsync(cancellationToken);
        return ApiAnswer.Ok(only is null ? list : await SelectAsync(list, only, cancellationToken));
    }

    private async Task<DatasetList> ListAsync(CancellationToken cancellationToken)
    {
        string? warning = await ReconcileAsync(cancellationToken);
        IReadOnlyList<DatasetPathState> states = await paths.ListAsync(cancellationToken);
        IReadOnlyList<DatasetManifest> manifests = await prepared.ListAsync(cancellationToken);
        var inForce = states.Select(state => state.InForce?.DatasetId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        (List<string> rejected, List<string> unstarted) = await ListRejectedAsync(states, cancellationToken);
        var infos = new List<DatasetPathInfo>();
        foreach (DatasetPathState state in states.Where(state => state.DatasetId is not null || state.Withdrawn is not null))
            infos.Add(await DescribeAsync(state, manifests.FirstOrDefault(manifest => manifest.DatasetId == state.DatasetId), cancellationToken));
        return new DatasetList(
            [.. manifests.Where(manifest => inForce.Contains(manifest.DatasetId))], rejected, unstarted, infos, warning);
    }

    /// <summary>Keeps what concerns one path. The report is that of a rejected newer file, or that of the accepted one.</summary>
    private async Task<DatasetList> SelectAsync(DatasetList list, string path, CancellationToken cancellationToken)
    {
        DatasetPathInfo? info = list.Paths?.FirstOrDefault(info => info.Path == path);
        bool isRejected = list.Rejected.Contains(path, StringComparer.Ordinal);
        string record = UnstartedBlob.RecordOf(BlobLayout.Datasets, DatasetPath.BlobOf(path));
        string unstarted = record[..^UnstartedBlob.NameEnding.Length];
        bool isUnstarted = list.Unstarted.Contains(unstarted, StringComparer.Ordinal);
        if (info is null && !isRejected && !isUnstarted)
        {
            throw new ApiProblemException(
                404, "No such dataset", $"Nothing that was dropped as datasets/{path} was accepted or rejected yet. {ApiRoute.Of<ListDatasets>()} lists the paths.");
        }

        StoredDocument<DatasetReport>? report = null;
        if (isRejected)
            report = await storage.ReadAsync<DatasetReport>(BlobLayout.Rejected, path + BlobLayout.RejectionReportEnding, cancellationToken);
        if (report is null && info?.DatasetId is string id)
            report = await storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{id}.json", cancellationToken);
        return list with
        {
            Datasets = [.. list.Datasets.Where(manifest => manifest.DatasetId == info?.DatasetId)],
            Rejected = isRejected ? [path] : [],
            Unstarted = isUnstarted ? [unstarted] : [],
            Paths = info is null ? [] : [info],
            Report = report?.Value,
            NotStarted = isUnstarted ? (await storage.ReadAsync<UnstartedBlob>(BlobLayout.Rejected, record, cancellationToken))?.Value : null,
        };
    }

    private async Task<string?> ReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            await paths.ReconcileAsync(cancellationToken);
            return null;
        }
        catch (VanishedDatasetsException e)
        {
            return e.Message;
        }
    }

    private async Task<DatasetPathInfo> DescribeAsync(DatasetPathState state, DatasetManifest? manifest, CancellationToken cancellationToken)
    {
        string? file = (await storage.FindETagAsync(BlobLayout.Datasets, DatasetPath.BlobOf(state.Path), cancellationToken))?.ToString();
        string? note = state switch
        {
            { Withdrawn.Reason: WithdrawalReason.Lost } => "its prepared copy is gone from storage: drop the file again",
            { Withdrawn.Reason: WithdrawalReason.Deleted } when file is not null =>
                "a file of this path is there again, but it is not the deleted one: drop it again if its ingest has ended",
            { Withdrawn: null } when file is null => "its file is gone, and it stays in force; withdraw it if it should not be used",
            { TakenOver: true, Withdrawn: null } when !BlobETag.Same(file, state.SourceETag) =>
                "an earlier version of the pipeline prepared it, and the file has changed since: drop it again to be sure",
            _ => null,
        };
        return new DatasetPathInfo(state.Path, state.DatasetId, manifest?.Rows, state.Since, state.Withdrawn, note);
    }

    private async Task<(List<string> Rejected, List<string> Unstarted)> ListRejectedAsync(
        IReadOnlyList<DatasetPathState> states, CancellationToken cancellationToken)
    {
        var rejected = new List<string>();
        var unstarted = new List<string>();
        await foreach (BlobItem blob in storage.Container(BlobLayout.Rejected).GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (blob.Name.EndsWith(UnstartedBlob.NameEnding, StringComparison.Ordinal))
                unstarted.Add(blob.Name[..^UnstartedBlob.NameEnding.Length]);
            else if (blob.Name.EndsWith(BlobLayout.RejectionReportEnding, StringComparison.Ordinal))
            {
                string path = blob.Name[..^BlobLayout.RejectionReportEnding.Length];
                if (states.FirstOrDefault(state => state.Path == path)?.HasSettled($"{blob.Properties.ETag}", blob.Properties.LastModified) != true)
                    rejected.Add(path);
            }
        }

        return (rejected, unstarted);
    }
}
