using System.Text.Json;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Api.Instances;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api;

/// <summary>What the endpoints know of a batch's results in storage.</summary>
internal static class BatchResults
{
    /// <summary>Returns the batch's name if it is valid.</summary>
    /// <exception cref="ApiProblemException">400: it is not.</exception>
    public static string RequireName(string batch) => BatchName.FindProblem(batch) is string problem
        ? throw new ApiProblemException(
            400, "Invalid batch name", $"The batch's name {problem}. {ApiRoute.Of<ListBatches>()} lists the batches; percent-encode a name in an address.")
        : batch;

    /// <summary>Gets whether a blob below <c>results/{batch}/</c> is a result, and not a file of a prediction that runs.</summary>
    /// <param name="name">Its name without the batch.</param>
    public static bool IsResult(string name) => name.Split('/')[0] != BatchWork.FolderName;

    /// <summary>Reads the summary of a batch. Returns null if it has none, or one that this version cannot read.</summary>
    public static async Task<BatchSummary?> FindSummaryAsync(PipelineStorage storage, string batch, CancellationToken cancellationToken) =>
        (await FindStoredSummaryAsync(storage, batch, cancellationToken))?.Value;

    /// <summary>As <see cref="FindSummaryAsync"/>, with the ETag of the summary.</summary>
    public static async Task<StoredDocument<BatchSummary>?> FindStoredSummaryAsync(PipelineStorage storage, string batch, CancellationToken cancellationToken)
    {
        try
        {
            return await storage.ReadAsync<BatchSummary>(BlobLayout.Results, $"{batch}/{ResultFiles.Summary}", cancellationToken);
        }
        catch (JsonException)
        {
            // One damaged file must not hide the other batches.
            return null;
        }
    }

    /// <summary>Finds the instance of what was dropped last as a batch.</summary>
    public static async Task<BatchPrediction?> FindPredictionAsync(
        PipelineStorage storage, IWorkflowClient workflows, string batch, CancellationToken cancellationToken)
    {
        foreach (BatchDrop latest in await BatchDrop.FindLatestAsync(storage, batch, cancellationToken))
        {
            string id = InstanceIds.Batch(batch, latest.ETag.ToString());
            if (await workflows.GetAsync(id, cancellationToken) is WorkflowStatus instance)
            {
                return new BatchPrediction(
                    id,
                    instance.RuntimeStatus,
                    InstancePart.Read<BatchProgress>(instance.CustomStatus),
                    InstancePart.ReadError(instance));
            }
        }

        return null;
    }

    /// <summary>Describes a batch.</summary>
    /// <param name="batch">Its name in storage: the summary may have another one.</param>
    /// <param name="summary">Its summary; null if its results are not complete.</param>
    public static BatchInfo Describe(string batch, BatchSummary? summary) => summary is null
        ? new BatchInfo(batch)
        : new BatchInfo(
            batch,
            summary.FinishedAt,
            summary.ModelVersion,
            summary.Images,
            summary.Succeeded,
            summary.Failed,
            summary.Instances,
            summary.Doubtful,
            summary.WithoutFace);
}
