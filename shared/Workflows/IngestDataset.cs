using KeypointPipeline.Port;
using KeypointPipeline.Steps.Ingest;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows;

/// <summary>Handles a dropped dataset: validates and prepares it, then trains on all datasets in force of its schema.</summary>
public sealed class IngestDataset : Workflow<IngestDatasetInput, IngestDatasetOutput>
{
    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<IngestDatasetInput, IngestDatasetOutput> Ref { get; } = new(nameof(IngestDataset));

    /// <inheritdoc/>
    public override async Task<IngestDatasetOutput> RunAsync(IWorkflowContext context, IngestDatasetInput input)
    {
        context.SetStatus(new IngestProgress("preparing", input.Path));
        PrepareDatasetOutput prepared = await context.CallStepAsync(PrepareDataset.Ref, new PrepareDatasetInput(input.Path, input.ETag));
        if (prepared.DatasetId is not string datasetId)
        {
            context.SetStatus(new IngestProgress(prepared.Waits ? "waiting" : "rejected", input.Path, Reason: prepared.Reason));
            if (prepared.Waits)
                context.Logger.LogInformation("Dataset {Path} waits: {Reason}", input.Path, prepared.Reason);
            else
                context.Logger.LogWarning("Dataset {Path} was rejected: {Reason}", input.Path, prepared.Reason);
            return new IngestDatasetOutput(false, null, prepared.RowsAccepted, prepared.RowsRejected, prepared.Reason, null);
        }

        context.SetStatus(new IngestProgress("training", input.Path, datasetId, prepared.RowsAccepted, prepared.RowsRejected, Mirror: prepared.Mirror));
        TrainModelOutput training = await context.CallWorkflowAsync(
            TrainModel.Ref,
            new TrainModelInput($"dataset {input.Path} was dropped", datasetId, Force: false, Settings: null),
            InstanceIds.Training(context.InstanceId));
        context.SetStatus(new IngestProgress("done", input.Path, datasetId, prepared.RowsAccepted, prepared.RowsRejected, training.Reason, prepared.Mirror));
        return new IngestDatasetOutput(true, datasetId, prepared.RowsAccepted, prepared.RowsRejected, null, training);
    }
}

/// <summary>A blob in the <c>datasets</c> container.</summary>
/// <param name="Path">Its name in the container.</param>
/// <param name="ETag">Its content, as in the event.</param>
public sealed record IngestDatasetInput(string Path, string ETag);

/// <summary>The output of <see cref="IngestDataset"/>.</summary>
/// <param name="Accepted">Whether it can be trained on.</param>
/// <param name="DatasetId">Its id if it is accepted.</param>
/// <param name="RowsAccepted">Rows that can be used.</param>
/// <param name="RowsRejected">Rows that were skipped; the report lists them.</param>
/// <param name="Reason">Why it was rejected.</param>
/// <param name="Training">The outcome of the training that it started.</param>
public sealed record IngestDatasetOutput(
    bool Accepted, string? DatasetId, long RowsAccepted, long RowsRejected, string? Reason, TrainModelOutput? Training);

/// <summary>Custom status of <see cref="IngestDataset"/>.</summary>
public sealed record IngestProgress(
    string Stage, string Path, string? DatasetId = null, long? RowsAccepted = null, long? RowsRejected = null, string? Reason = null,
    string? Mirror = null);
