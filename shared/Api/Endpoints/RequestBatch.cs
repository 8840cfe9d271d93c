using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Starts a batch whose images are already uploaded. Writes the batch's marker if it is missing, so the call does the same as
/// dropping an empty marker. A marker that exists stays, with the list in it. Does not start a batch again that its marker, its zip or an
/// earlier call has started, unless the history of that instance was purged. 400: the name is not a valid batch name. 404: the batch has no
/// images.</summary>
[ApiEndpoint(RequestBatch.Method, RequestBatch.Template)]
public sealed class RequestBatch(PipelineStorage storage, HandledDrops handled) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the batch's name.</summary>
    public const string Template = "batches/{batch}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = call.Values["batch"];
        if (BatchName.FindProblem(batch) is string problem)
            throw new ApiProblemException(400, "Invalid batch name", $"The batch's name {problem}. Upload the images under another name.");
        string marker = BatchDrop.Marker(batch);
        IReadOnlyList<BatchDrop> latest = await BatchDrop.FindLatestAsync(storage, batch, cancellationToken);
        ETag etag = (latest.Count == 0 ? null : (ETag?)latest[0].ETag)
            ?? (await HasImagesAsync(batch, cancellationToken) ? await MarkReadyAsync(marker, cancellationToken) : null)
            ?? throw new ApiProblemException(
                404, "No such batch", $"Upload the images to images/{batch}/ or as images/{BatchName.Zip(batch)}, then send the request again.");

        var drop = Drop.OfBatch(batch, latest is [{ IsZip: true }, ..] ? BatchName.Zip(batch) : marker, etag.ToString());
        await handled.StartOnRequestAsync(call.Workflows, drop, cancellationToken);
        return ApiAnswer.Accepted(call.CheckStatus(drop.InstanceId));
    }

    private async Task<bool> HasImagesAsync(string batch, CancellationToken cancellationToken)
    {
        string prefix = $"{batch}/";
        await foreach (BlobItem blob in storage.Container(BlobLayout.Images)
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            if (ImageNames.IsMeantAsImage(blob.Name[prefix.Length..]))
                return true;
        }

        return false;
    }

    private async Task<ETag?> MarkReadyAsync(string marker, CancellationToken cancellationToken)
    {
        try
        {
            BlobContentInfo written = await storage.Blob(BlobLayout.Images, marker).UploadAsync(
                BinaryData.Empty,
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellationToken);
            return written.ETag;
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            return await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken);
        }
    }
}
