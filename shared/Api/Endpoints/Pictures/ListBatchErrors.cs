using KeypointPipeline.Api.Pictures;

namespace KeypointPipeline.Api.Endpoints.Pictures;

/// <summary>Groups the pictures of a batch that failed by the reason. 400: the name is not a valid batch name. 404: the batch has no
/// complete results. 409: its results are being replaced.</summary>
[ApiEndpoint(ListBatchErrors.Method, ListBatchErrors.Template)]
public sealed class ListBatchErrors(BatchGallery gallery) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the batch's name.</summary>
    public const string Template = "batches/{batch}/errors";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        GalleryIndex index = await gallery.GetAsync(BatchResults.RequireName(call.Values["batch"]), cancellationToken);
        return ApiAnswer.Ok(new BatchErrors(index.Errors, index.Note));
    }
}
