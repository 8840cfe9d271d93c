using System.Globalization;
using KeypointPipeline.Api.Pictures;

namespace KeypointPipeline.Api.Endpoints.Pictures;

/// <summary>Lists the pictures of a batch with their predictions, a page at a time. <c>order=doubt</c> puts the least certain first,
/// <c>order=name</c> keeps the batch's order, and <c>order=failed</c> gives only pictures that failed. 400: a value is invalid. 404: the
/// batch has no complete results. 409: its results are being replaced.</summary>
[ApiEndpoint(ListPictures.Method, ListPictures.Template)]
public sealed class ListPictures(BatchGallery gallery) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the batch's name.</summary>
    public const string Template = "batches/{batch}/pictures";

    /// <summary>Query value with the order.</summary>
    public const string OrderName = "order";

    /// <summary>The most pictures of a page.</summary>
    public const int LongestPage = 200;

    private const int DefaultPage = 50;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = BatchResults.RequireName(call.Values["batch"]);
        int top = call.ReadNumber(ApiCall.Top, DefaultPage, 1, LongestPage);
        int start = call.Continuation is string token ? ReadStart(token) : 0;
        GalleryIndex index = await gallery.GetAsync(batch, cancellationToken);
        IReadOnlyList<int> all = Select(index, call.Query.GetValueOrDefault(OrderName));
        int[] page = [.. all.Skip(start).Take(top)];
        string? next = start + page.Length < all.Count ? ContinuationToken.Encode($"{start + page.Length}") : null;
        return ApiAnswer.Page(
            new PictureList(index.Names, all.Count, await gallery.ReadAsync(index, page, cancellationToken), index.Note), next);
    }

    private static IReadOnlyList<int> Select(GalleryIndex index, string? order) => order switch
    {
        null or "name" => [.. Enumerable.Range(0, index.Pictures.Count)],
        "doubt" => index.ByDoubt,
        "failed" => [.. Enumerable.Range(0, index.Pictures.Count).Where(picture => index.Pictures[picture].Failed)],
        _ => throw new ApiProblemException(400, "Invalid query", $"{OrderName}={order}: expected name, doubt or failed."),
    };

    private static int ReadStart(string token) =>
        int.TryParse(ContinuationToken.Decode(token), NumberStyles.None, CultureInfo.InvariantCulture, out int start) ? start : throw ContinuationToken.Invalid();
}
