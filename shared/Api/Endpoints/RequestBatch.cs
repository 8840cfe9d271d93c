using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Starts a batch whose images are already uploaded. Writes the batch's marker if it is missing, so the call does the same as
/// dropping an empty marker. A marker that exists stays, with the list in it. Does not start a batch again that its marker, its zip or an
/// earlier call has started, unless the history of that instance was purged. 400: the name is not a valid batch name. 404: the batch has no
/// images.</summary>
/// <remarks>The query value <see cref="FinderQuery.Name"/> states what finds the instances of the pictures. It becomes a part of the drop. A batch that
/// was predicted with another finder is predicted again.</remarks>
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
        FinderKind? finder = FinderQuery.Read(call);
        string marker = BatchDrop.Marker(batch);
        IReadOnlyList<BatchDrop> latest = await BatchDrop.FindLatestAsync(storage, batch, cancellationToken);
        ETag etag = (latest.Count == 0 ? null : (ETag?)await StateAsync(batch, latest[0], finder, cancellationToken))
            ?? (await HasImagesAsync(batch, cancellationToken) ? await MarkReadyAsync(marker, finder, cancellationToken) : null)
            ?? throw new ApiProblemException(
                404, "No such batch", $"Upload the images to images/{batch}/ or as images/{BatchName.Zip(batch)}, then send the request again.");

        var drop = Drop.OfBatch(batch, latest is [{ IsZip: true }, ..] ? BatchName.Zip(batch) : marker, etag.ToString());
        await handled.StartOnRequestAsync(call.Workflows, drop, cancellationToken);
        return ApiAnswer.Accepted(call.CheckStatus(drop.InstanceId));
    }

    /// <summary>States the finder in the drop, unless the drop states it already. Then the drop has a new ETag, and thus another
    /// instance.</summary>
    /// <returns>The drop's ETag.</returns>
    private async Task<ETag> StateAsync(string batch, BatchDrop drop, FinderKind? finder, CancellationToken cancellationToken)
    {
        if (finder is not FinderKind kind || FinderNames.Parse(drop.Finder) == kind)
            return drop.ETag;
        try
        {
            BlobInfo written = await storage.Blob(BlobLayout.Images, drop.IsZip ? BatchName.Zip(batch) : BatchDrop.Marker(batch))
                .SetMetadataAsync(BatchDrop.Metadata(kind), new BlobRequestConditions { IfMatch = drop.ETag }, cancellationToken);
            return written.ETag;
        }
        catch (RequestFailedException e) when (e.IsNotFound() || e.IsReplaced())
        {
            throw new ApiProblemException(409, "Batch changed", $"Batch '{batch}' was dropped again at this moment. Send the request again.");
        }
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

    private async Task<ETag?> MarkReadyAsync(string marker, FinderKind? finder, CancellationToken cancellationToken)
    {
        try
        {
            BlobContentInfo written = await storage.Blob(BlobLayout.Images, marker).UploadAsync(
                BinaryData.Empty,
                new BlobUploadOptions { Metadata = BatchDrop.Metadata(finder), Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellationToken);
            return written.ETag;
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            return await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken);
        }
    }
}
