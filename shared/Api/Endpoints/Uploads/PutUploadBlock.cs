using KeypointPipeline.Api.Uploads;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints.Uploads;

/// <summary>Takes a block of an upload: 4 MiB, the last one less. Blocks may come in any order and again. 400: the name or the number is
/// not allowed, or the block is empty. 409: another program uploads this name. 413: the block is larger.</summary>
[ApiEndpoint(PutUploadBlock.Method, PutUploadBlock.Template, LargestBody = UploadTarget.BlockBytes)]
public sealed class PutUploadBlock(PipelineStorage storage) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "put";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the container and the blob's name.</summary>
    public const string Template = "uploads/{container}/{*path}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var target = UploadTarget.Read(call);
        int block = (int)UploadTarget.ReadNumber(call, UploadTarget.BlockName, UploadTarget.MostBlocks - 1);
        if ((long)block * UploadTarget.BlockBytes >= target.LargestBytes)
            throw TooLarge($"{target.Name} may have at most {target.LargestBytes:N0} bytes.");
        ArraySegment<byte> content = await ReadAsync(call.Body, cancellationToken);
        await new StagedUpload(storage, target).StageAsync(block, content, cancellationToken);
        return ApiAnswer.Ok(new UploadedBlock(block, content.Count));
    }

    private static async Task<ArraySegment<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        byte[] content = new byte[UploadTarget.BlockBytes + 1];
        int length = await body.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return length switch
        {
            0 => throw new ApiProblemException(400, "Invalid upload", "The block is empty. Send the bytes of the file as the body."),
            > UploadTarget.BlockBytes => throw TooLarge($"A block has at most {UploadTarget.BlockBytes:N0} bytes."),
            _ => new ArraySegment<byte>(content, 0, length),
        };
    }

    private static ApiProblemException TooLarge(string detail) => new(413, "Upload too large", detail);
}
