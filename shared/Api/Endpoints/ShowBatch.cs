using Azure.Storage.Blobs.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Gives a batch's counts, the names of its result files and how far its prediction is. 400: the name is not a valid batch name.
/// 404: there is no result of this batch, and nothing predicts it.</summary>
[ApiEndpoint(ShowBatch.Method, ShowBatch.Template)]
public sealed class ShowBatch(PipelineStorage storage) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the batch's name.</summary>
    public const string Template = "batches/{batch}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = BatchResults.RequireName(call.Values["batch"]);
        string prefix = $"{batch}/";
        var files = new List<ResultFileInfo>();
        await foreach (BlobItem blob in new StoredResults(storage).ListAsync(batch, cancellationToken))
        {
            files.Add(new ResultFileInfo(
                blob.Name[prefix.Length..],
                blob.Properties.ContentLength ?? 0,
                $"{blob.Properties.ETag?.ToString("H")}",
                blob.Properties.LastModified ?? default));
        }

        BatchPrediction? prediction = await BatchResults.FindPredictionAsync(storage, call.Workflows, batch, cancellationToken);
        if (prediction is null && files.Count == 0 && !await storage.ListAsync(BlobLayout.Results, prefix, cancellationToken).AnyAsync(cancellationToken))
            throw new ApiProblemException(404, "No such batch", $"There is no result of a batch '{batch}'. {ApiRoute.Of<ListBatches>()} lists the batches with results.");
        files.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        BatchSummary? summary = await BatchResults.FindSummaryAsync(storage, batch, cancellationToken);
        return ApiAnswer.Ok(new BatchDetail(BatchResults.Describe(batch, summary), files, summary?.Gaps, FindWarning(files), summary?.Notes, prediction));
    }

    /// <summary>The summary is written last, so a newer file belongs to a prediction that is not complete.</summary>
    private static string? FindWarning(List<ResultFileInfo> files) =>
        files.Find(file => file.Name == ResultFiles.Summary) is ResultFileInfo summary && files.Exists(file => file.LastModified > summary.LastModified)
            ? "The batch is being predicted again, or that prediction was stopped: some files are newer than the summary. Ask again once it has ended."
            : null;
}
