using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Predicts a batch again, for example with a newer champion, as dropping it again does. Its results are replaced once the new ones
/// are complete. 400: the name is not a valid batch name. 404: the batch was not dropped. 409: it is being dropped at the same
/// time.</summary>
[ApiEndpoint(RepeatBatch.Method, RepeatBatch.Template)]
public sealed class RepeatBatch(PipelineStorage storage, HandledDrops handled, TimeProvider time) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the batch's name.</summary>
    public const string Template = "batches/{batch}/again";

    /// <summary>Metadata that changes, so that storage gives the marker or zip another ETag. Its content stays.</summary>
    private const string RequestedKey = "requested";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = BatchResults.RequireName(call.Values["batch"]);
        IReadOnlyList<BatchDrop> latest = await BatchDrop.FindLatestAsync(storage, batch, cancellationToken);
        if (latest.Count == 0)
        {
            throw new ApiProblemException(
                404, "No such batch", $"There is neither images/{BatchDrop.Marker(batch)} nor images/{BatchName.Zip(batch)}. Drop the pictures again.");
        }

        string name = latest[0].IsZip ? BatchName.Zip(batch) : BatchDrop.Marker(batch);
        var drop = Drop.OfBatch(batch, name, await RenewAsync(name, cancellationToken));
        await handled.StartOnRequestAsync(call.Workflows, drop, cancellationToken);
        return ApiAnswer.Accepted(call.CheckStatus(drop.InstanceId));
    }

    /// <summary>Gives a blob another ETag.</summary>
    private async Task<string> RenewAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties current = await storage.Blob(BlobLayout.Images, name).GetPropertiesAsync(cancellationToken: cancellationToken);
            var metadata = new Dictionary<string, string>(current.Metadata) { [RequestedKey] = $"{time.GetUtcNow():O}" };
            BlobInfo renewed = await storage.Blob(BlobLayout.Images, name).SetMetadataAsync(
                metadata, new BlobRequestConditions { IfMatch = current.ETag }, cancellationToken);
            return renewed.ETag.ToString();
        }
        catch (RequestFailedException e) when (e.IsReplaced() || e.IsNotFound())
        {
            throw new ApiProblemException(409, "Batch is being dropped", $"images/{name} changes at this moment. Ask for the batch's status before you send the request again.");
        }
    }
}
