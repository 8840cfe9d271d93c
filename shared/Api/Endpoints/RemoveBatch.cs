using System.Text.Json;
using KeypointPipeline.Api.Removal;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Deletes the images and results of a batch, and stops the instance that predicts it. 400: the name is not a valid batch name.
/// 404: there is nothing of this batch.</summary>
[ApiEndpoint(RemoveBatch.Method, RemoveBatch.Template)]
public sealed class RemoveBatch(PipelineStorage storage, RemainingCopies remaining) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "delete";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the batch's name.</summary>
    public const string Template = "batches/{batch}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = call.Values["batch"];
        if (BatchName.FindProblem(batch) is string problem)
            throw new ApiProblemException(400, "Invalid batch name", $"The batch's name {problem}.");

        // The marker and the zip first: without them nothing starts the batch again.
        int images = await DeleteAsync(BatchDrop.Marker(batch)) + await DeleteAsync(BatchName.Zip(batch));
        IReadOnlyList<string> stopped = await StopAsync(call.Workflows, batch, $"batch {batch} was removed", cancellationToken);
        images += await storage.DeleteAllAsync(BlobLayout.Images, $"{batch}/", cancellationToken);
        int results = await storage.DeleteAllAsync(BlobLayout.Results, $"{batch}/", cancellationToken);
        if (images + results + stopped.Count == 0)
            throw new ApiProblemException(404, "No such batch", $"There is neither an image nor a result of a batch '{batch}'.");

        var parts = new RemainingCopy($"parts in results/{batch}/", null, "A step that was running may still write some. Send the request again in a minute.");
        return ApiAnswer.Ok(new BatchRemoval(
            batch, images, results, stopped, [.. stopped.Count > 0 ? [parts] : Enumerable.Empty<RemainingCopy>(), .. await remaining.OfDeletedAsync("pictures", cancellationToken)]));

        async Task<int> DeleteAsync(string name) =>
            await storage.Blob(BlobLayout.Images, name).DeleteIfExistsAsync(cancellationToken: cancellationToken) ? 1 : 0;
    }

    /// <summary>Stops every instance of the batch, whichever marker or zip started it.</summary>
    internal static async Task<IReadOnlyList<string>> StopAsync(IWorkflowClient workflows, string batch, string reason, CancellationToken cancellationToken)
    {
        var running = new WorkflowQuery([WorkflowRuntimeStatus.Pending, WorkflowRuntimeStatus.Running], Name: InferBatch.Ref.Name, Top: int.MaxValue);
        var stopped = new List<string>();
        foreach (WorkflowStatus instance in await workflows.ListAsync(running, cancellationToken))
        {
            if (instance.Input is { ValueKind: JsonValueKind.Object } input
                && input.TryGetProperty("batch", out JsonElement name) && name.ValueEquals(batch)
                && await workflows.TerminateAsync(instance.InstanceId, reason, cancellationToken))
                stopped.Add(instance.InstanceId);
        }

        return stopped;
    }
}
