using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Lists accepted datasets, and the paths of files that were rejected or whose workflow could not be started.</summary>
[ApiEndpoint(ListDatasets.Method, ListDatasets.Template)]
public sealed class ListDatasets(PipelineStorage storage, PreparedDatasetStore datasets) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "datasets";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var rejected = new List<string>();
        var unstarted = new List<string>();
        await foreach (BlobItem blob in storage.Container(BlobLayout.Rejected).GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (blob.Name.EndsWith(BlobLayout.RejectionReportEnding, StringComparison.Ordinal))
                rejected.Add(blob.Name[..^BlobLayout.RejectionReportEnding.Length]);
            else if (blob.Name.EndsWith(UnstartedBlob.NameEnding, StringComparison.Ordinal))
                unstarted.Add(blob.Name[..^UnstartedBlob.NameEnding.Length]);
        }

        return ApiAnswer.Ok(new DatasetList(await datasets.ListAsync(cancellationToken), rejected, unstarted));
    }
}
