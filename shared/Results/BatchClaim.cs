using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>The claim of a workflow instance on the results of its batch. Planning a batch deletes the claims of all earlier instances, and
/// removing the batch deletes all claims. An instance whose claim is gone must not write results any more: they would mix with those of the
/// newer drop.</summary>
/// <param name="storage">The account.</param>
/// <param name="plan">The batch.</param>
public sealed class BatchClaim(PipelineStorage storage, BatchPlan plan)
{
    /// <summary>Whether the batch still belongs to the instance: its claim is there, or its results are complete.</summary>
    public async Task<bool> HoldsAsync(CancellationToken cancellationToken) =>
        (plan.Shape is null && plan.Chunks == 0)
        || await storage.Blob(BlobLayout.Results, Blob).ExistsAsync(cancellationToken)
        || await FindSummaryAsync(cancellationToken) is not null;

    /// <summary>Checks that the batch still belongs to the instance.</summary>
    /// <exception cref="PermanentStepException">It does not.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (!await HoldsAsync(cancellationToken))
            throw Lost();
    }

    /// <summary>Takes the claim. Call it after the claims of earlier instances are deleted.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => storage.WriteAsync(BlobLayout.Results, Blob, plan, cancellationToken);

    /// <summary>Returns the summary if the instance has written it, and with it all results.</summary>
    public async Task<BatchSummary?> FindSummaryAsync(CancellationToken cancellationToken)
    {
        StoredDocument<BatchSummary>? stored = await storage.ReadAsync<BatchSummary>(BlobLayout.Results, $"{plan.Batch}/{ResultFiles.Summary}", cancellationToken);
        return stored?.Value.StartedAt == plan.StartedAt ? stored.Value : null;
    }

    /// <summary>Creates the error of an instance that lost its claim.</summary>
    public PermanentStepException Lost() =>
        new($"Batch '{plan.Batch}' was dropped again or removed while it was predicted. A newer drop has its own instance and replaces the results.");

    private string Blob => plan.Shape is null ? BatchWork.EarlierClaim(BatchWork.Folder(plan)) : BatchWork.Claim(BatchWork.Folder(plan));
}
