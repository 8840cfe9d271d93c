using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Images;

namespace KeypointPipeline.Api.Endpoints.Pictures;

/// <summary>Gives a dropped picture as an upright JPEG. <c>size=N</c> is the most pixels of its longer side. A picture is never enlarged.
/// 304: the copy that the request names is still right. 400: a name or the size is invalid. 404: there is no such picture. 422: the file
/// cannot be shown, with the reason.</summary>
[ApiEndpoint(ReadThumbnail.Method, ReadThumbnail.Template)]
public sealed class ReadThumbnail(BatchPictures pictures) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the batch's name and the picture's name, which may have
    /// folders.</summary>
    public const string Template = "batches/{batch}/thumbnails/{*image}";

    /// <summary>Query value with the longer side in pixels.</summary>
    public const string SizeName = "size";

    /// <summary>The smallest longer side in pixels.</summary>
    public const int SmallestSize = 16;

    /// <summary>The largest longer side in pixels.</summary>
    public const int LargestSize = 2048;

    private const int DefaultSize = 256;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = BatchResults.RequireName(call.Values["batch"]);
        string image = call.Values["image"];
        int size = call.ReadNumber(SizeName, DefaultSize, SmallestSize, LargestSize);
        FoundPicture found = await pictures.FindAsync(batch, image, size, cancellationToken) ?? throw Missing(batch, image);
        if (call.Knows(found.ETag))
            return ApiAnswer.NotModified(found.ETag);
        try
        {
            byte[] jpeg = await pictures.ReduceAsync(found, size, cancellationToken) ?? throw Missing(batch, image);
            return ApiAnswer.File(new ApiFile(new MemoryStream(jpeg), "image/jpeg", found.ETag, found.LastModified));
        }
        catch (ImageRejectedException e)
        {
            throw new ApiProblemException(422, "Picture cannot be shown", $"'{image}' of batch '{batch}' cannot be shown. {e.Message}");
        }
    }

    private static ApiProblemException Missing(string batch, string image) => new(
        404, "No such picture", $"Batch '{batch}' has no picture '{image}' in storage. Pictures of a batch may be deleted after some time; its results stay.");
}
