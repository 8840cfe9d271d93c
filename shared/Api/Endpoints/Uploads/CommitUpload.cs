using Azure;
using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Api.Uploads;
using KeypointPipeline.Finding;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api.Endpoints.Uploads;

/// <summary>Puts an uploaded file in its place once all its blocks have arrived, and starts what the file starts. Repeating it changes
/// nothing. <see cref="FinderQuery.Name"/> states what finds the instances of the pictures that the file starts. 400: the name, the size or the
/// finder is not allowed. 409: a block is missing or has another size.</summary>
[ApiEndpoint(CommitUpload.Method, CommitUpload.Template)]
public sealed class CommitUpload(PipelineStorage storage, HandledDrops handled) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the container and the blob's name.</summary>
    public const string Template = "uploads/{container}/{*path}";

    /// <summary>Blocks that a message names.</summary>
    private const int MostNamed = 10;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var target = UploadTarget.Read(call);
        long bytes = UploadTarget.ReadNumber(call, UploadTarget.BytesName, target.LargestBytes);
        FinderKind? finder = FinderQuery.Read(call);
        var upload = new StagedUpload(storage, target);
        ETag etag = await upload.FindCompletedAsync(cancellationToken) ?? await CommitAsync(upload, target, bytes, finder, cancellationToken);
        if (await FindDropAsync(storage, target, etag, cancellationToken) is Drop drop)
            await handled.StartOnRequestAsync(call.Workflows, drop, cancellationToken);
        return ApiAnswer.Ok(await DescribeAsync(storage, target, etag, cancellationToken));
    }

    /// <summary>Describes a complete upload.</summary>
    internal static async Task<UploadState> DescribeAsync(PipelineStorage storage, UploadTarget target, ETag etag, CancellationToken cancellationToken) => new(
        target.Name,
        UploadTarget.BlockBytes,
        target.LargestBytes,
        [],
        IsComplete: true,
        (await FindDropAsync(storage, target, etag, cancellationToken))?.InstanceId);

    private static Task<Drop?> FindDropAsync(PipelineStorage storage, UploadTarget target, ETag etag, CancellationToken cancellationToken) =>
        Drop.FindAsync(storage, DroppedBlob.Classify(target.Container, target.Path), target.Path, etag.ToString(), cancellationToken);

    private static async Task<ETag> CommitAsync(
        StagedUpload upload, UploadTarget target, long bytes, FinderKind? finder, CancellationToken cancellationToken)
    {
        int blocks = (int)((bytes + UploadTarget.BlockBytes - 1) / UploadTarget.BlockBytes);
        SortedDictionary<int, long> arrived = await upload.ListAsync(cancellationToken);
        int[] missing = [.. Enumerable.Range(0, blocks).Where(block => arrived.GetValueOrDefault(block) != UploadTarget.SizeOf(block, bytes))];
        if (missing.Length > 0)
        {
            throw Incomplete(
                $"{target.Name}: {missing.Length:N0} of {blocks:N0} blocks are missing or have another size: "
                + $"{string.Join(", ", missing.Take(MostNamed))}{(missing.Length > MostNamed ? " …" : "")}. Send them, then send this request again.");
        }

        return await upload.CommitAsync(blocks, finder, cancellationToken)
            ?? throw Incomplete($"Another file was put in the place of {target.Name} meanwhile. Send all blocks again to replace it.");
    }

    private static ApiProblemException Incomplete(string detail) => new(409, "Upload incomplete", detail);
}
