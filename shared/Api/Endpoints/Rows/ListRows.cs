using System.Globalization;
using KeypointPipeline.Api.Rows;
using KeypointPipeline.Datasets;

namespace KeypointPipeline.Api.Endpoints.Rows;

/// <summary>Lists rows of a prepared dataset with their labels. <c>order=sample</c> gives <c>top</c> rows from all parts of the dataset,
/// and <c>order=row</c> gives a page of all rows. 400: a value is invalid. 404: there is no such dataset.</summary>
[ApiEndpoint(ListRows.Method, ListRows.Template)]
public sealed class ListRows(DatasetRows rows) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the dataset's id.</summary>
    public const string Template = "datasets/{datasetId}/rows";

    /// <summary>Query value with the order.</summary>
    public const string OrderName = "order";

    /// <summary>The most rows of a page.</summary>
    public const int LongestPage = 200;

    private const int DefaultPage = 24;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        int top = call.ReadNumber(ApiCall.Top, DefaultPage, 1, LongestPage);
        DatasetManifest manifest = await rows.RequireAsync(call.Values["datasetId"], cancellationToken);
        (int[] chosen, string? next) = call.Query.GetValueOrDefault(OrderName) switch
        {
            null or "sample" => (Sample(manifest.Rows, top), null),
            "row" => Page(manifest.Rows, top, call.Continuation),
            string other => throw new ApiProblemException(400, "Invalid query", $"{OrderName}={other}: expected sample or row."),
        };
        return ApiAnswer.Page(
            new RowList(manifest.DatasetId, manifest.Schema, manifest.Rows, await rows.ReadAsync(manifest, chosen, cancellationToken)), next);
    }

    /// <summary>Rows at equal distances, so that a sorted file shows all its kinds.</summary>
    internal static int[] Sample(int rows, int top)
    {
        int count = Math.Min(rows, top);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows / count))];
    }

    private static (int[] Rows, string? Next) Page(int rows, int top, string? token)
    {
        int first = token is null ? 0
            : int.TryParse(ContinuationToken.Decode(token), NumberStyles.None, CultureInfo.InvariantCulture, out int start) ? start
            : throw ContinuationToken.Invalid();
        int count = Math.Clamp(rows - first, 0, top);
        return ([.. Enumerable.Range(first, count)], first + count < rows ? ContinuationToken.Encode($"{first + count}") : null);
    }
}
