using Azure;
using KeypointPipeline.Api.Uploads;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints.Uploads;

/// <summary>Says which blocks of an upload have arrived, so that it continues where it stopped. 400: the name is not allowed.</summary>
[ApiEndpoint(ShowUpload.Method, ShowUpload.Template)]
public sealed class ShowUpload(PipelineStorage storage) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the container and the blob's name.</summary>
    public const string Template = "uploads/{container}/{*path}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var target = UploadTarget.Read(call);
        var upload = new StagedUpload(storage, target);
        if (await upload.FindCompletedAsync(cancellationToken) is ETag etag)
            return ApiAnswer.Ok(await CommitUpload.DescribeAsync(storage, target, etag, cancellationToken));
        return ApiAnswer.Ok(new UploadState(
            target.Name, UploadTarget.BlockBytes, target.LargestBytes, [.. (await upload.ListAsync(cancellationToken)).Keys], IsComplete: false));
    }
}
