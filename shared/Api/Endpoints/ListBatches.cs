using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Lists the batches that have results or are being predicted, by name, a page at a time. <c>top=N</c> sets the length of a page.
/// The header <see cref="ContinuationToken.Header"/> gets the next page. A page costs one listing of prefixes and one small read for each
/// batch. 400: the number or the token is invalid.</summary>
[ApiEndpoint(ListBatches.Method, ListBatches.Template)]
public sealed class ListBatches(PipelineStorage storage) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "batches";

    /// <summary>The most batches of a page.</summary>
    public const int LongestPage = 1000;

    private const int DefaultPage = 100;
    private const int ReadsAtOnce = 16;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        int top = call.ReadNumber(ApiCall.Top, DefaultPage, 1, LongestPage);
        string? start = call.Continuation is string token ? ContinuationToken.Decode(token) : null;
        try
        {
            await foreach (Page<BlobHierarchyItem> page in storage.Container(BlobLayout.Results)
                .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, delimiter: "/", prefix: null, cancellationToken)
                .AsPages(start, top))
            {
                string[] batches = [.. page.Values.Where(item => item.IsPrefix).Select(item => item.Prefix[..^1]).Where(IsName)];
                string? next = string.IsNullOrEmpty(page.ContinuationToken) ? null : ContinuationToken.Encode(page.ContinuationToken);
                return ApiAnswer.Page(new BatchList(await DescribeAsync(batches, cancellationToken)), next);
            }
        }
        catch (RequestFailedException e) when (e.Status == 400 && start is not null)
        {
            throw ContinuationToken.Invalid();
        }

        return ApiAnswer.Ok(new BatchList([]));
    }

    private async Task<IReadOnlyList<BatchInfo>> DescribeAsync(string[] batches, CancellationToken cancellationToken)
    {
        var infos = new BatchInfo[batches.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, batches.Length, options, async (int i, CancellationToken token) =>
            infos[i] = BatchResults.Describe(batches[i], await BatchResults.FindSummaryAsync(storage, batches[i], token)));
        return infos;
    }

    private static bool IsName(string batch) => BatchName.FindProblem(batch) is null;
}
