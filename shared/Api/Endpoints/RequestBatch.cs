using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Starts a batch whose images are uploaded, as dropping its marker does: it writes the marker where that is missing.
/// A batch that was started already, by its marker or zip or by an earlier call, is not started again. 400: the name cannot be a
/// batch's name. 404: there are no such images.</summary>
[ApiEndpoint(RequestBatch.Method, RequestBatch.Template)]
public sealed class RequestBatch(PipelineStorage storage) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address; its value is the batch's name.</summary>
    public const string Template = "batches/{batch}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = call.Values["batch"];
        if (BatchName.FindProblem(batch) is string problem)
            throw new ApiProblemException(400, "Invalid batch name", $"The batch's name {problem}. Upload the images under another one.");
        string marker = $"{batch}/{BlobLayout.ReadyMarker}";
        ETag etag = await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken)
            ?? await storage.FindETagAsync(BlobLayout.Images, BatchName.Zip(batch), cancellationToken)
            ?? (await HasImagesAsync(batch, cancellationToken) ? await MarkReadyAsync(marker, cancellationToken) : null)
            ?? throw new ApiProblemException(
                404, "No such batch", $"Upload the images to images/{batch}/ or as images/{BatchName.Zip(batch)}, then send the request again.");

        string instanceId = InstanceIds.Batch(batch, etag.ToString());
        await call.Workflows.StartAsync(InferBatch.Ref, new InferBatchInput(batch, etag.ToString()), instanceId, cancellationToken);
        return ApiAnswer.Accepted(call.CheckStatus(instanceId));
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
