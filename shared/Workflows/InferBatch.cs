using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;

namespace KeypointPipeline.Workflows;

/// <summary>Predicts a dropped image batch: lists the images, predicts them in chunks side by side, merges the chunks into results.</summary>
/// <remarks>The work is a tree (<see cref="BatchShape"/>), so that a batch of any size has bounded histories. A batch of one section has its
/// groups of chunks as children. A larger one has its sections as children, and a still larger one nodes of sections.</remarks>
public sealed class InferBatch : Workflow<InferBatchInput, InferBatchOutput>
{
    /// <summary>How long a batch waits for the first model.</summary>
    public static readonly TimeSpan PatienceForModel = TimeSpan.FromDays(7);

    /// <summary>Maximum wait between two looks for the first model. It limits the history: about 480 looks in seven days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<InferBatchInput, InferBatchOutput> Ref { get; } = new(nameof(InferBatch), CleanUpBatch.Ref);

    /// <inheritdoc/>
    public override async Task<InferBatchOutput> RunAsync(IWorkflowContext context, InferBatchInput input)
    {
        BatchPlan plan = await PlanAsync(context, input);
        for (int part = 0; plan.Next is not null; part++)
        {
            context.SetStatus(new BatchProgress("listing", plan.Images, ModelVersion: plan.ModelVersion));
            plan = await context.CallWorkflowAsync(ListBatch.Ref, plan, InstanceIds.Listing(context.InstanceId, part));
        }

        ShowProgress(new ChunkTotals(0, 0));
        ChunkTotals totals = plan.Sections == 1
            ? await InferSection.PredictAsync(context, plan, section: 0, ShowProgress)
            : await InferSections.PredictAsync(context, new InferSectionsInput(plan, 0, plan.Sections), ShowProgress);

        context.SetStatus(new BatchProgress("merging", plan.Images, totals.Succeeded, totals.Failed, plan.ModelVersion));
        totals = await context.CallStepAsync(MergeBatch.Ref, plan);
        context.SetStatus(new BatchProgress("done", plan.Images, totals.Succeeded, totals.Failed, plan.ModelVersion));
        return new InferBatchOutput(
            plan.Batch, plan.ModelVersion, plan.Images, totals.Succeeded, totals.Failed, $"results/{plan.Batch}/", plan.PassedOver, plan.Sections);

        void ShowProgress(ChunkTotals done) =>
            context.SetStatus(new BatchProgress("predicting", plan.Images, done.Succeeded, done.Failed, plan.ModelVersion));
    }

    /// <summary>Plans the batch with one model version. Waits for the first model if there is none yet.</summary>
    private static async Task<BatchPlan> PlanAsync(IWorkflowContext context, InferBatchInput input)
    {
        DateTimeOffset start = context.UtcNow;
        var earlierWait = TimeSpan.FromSeconds(2);
        while (true)
        {
            ChampionVersion champion = await context.CallStepAsync(FindChampion.Ref, input.Batch);
            if (champion.Version is string version)
            {
                context.SetStatus(new BatchProgress("listing", ModelVersion: version));
                return await context.CallStepAsync(PlanBatch.Ref, new PlanBatchInput(input.Batch, input.ETag, context.InstanceId, version));
            }

            TimeSpan waited = context.UtcNow - start;
            if (waited >= PatienceForModel)
                throw new InvalidOperationException($"Batch {input.Batch} waited {PatienceForModel.TotalDays:0} days for a model. Drop a dataset first.");
            context.SetStatus(new BatchProgress("waiting for a first model: drop a labelled dataset"));
            await context.DelayAsync(champion.IsPaced ? WaitingPace.Next(waited, LongestWait) : earlierWait);
            earlierWait = TimeSpan.FromSeconds(Math.Min(earlierWait.TotalSeconds * 1.5, 300));
        }
    }
}

/// <summary>A batch in the <c>images</c> container: <c>{batch}/…</c> with its marker, or <c>{batch}.zip</c>.</summary>
/// <param name="Batch">Its name.</param>
/// <param name="ETag">Of the marker or the zip, as in the event.</param>
public sealed record InferBatchInput(string Batch, string ETag);

/// <summary>The output of <see cref="InferBatch"/>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="ModelVersion">The version that predicted all of it.</param>
/// <param name="Images">Images found.</param>
/// <param name="Succeeded">Images with keypoints.</param>
/// <param name="Failed">Images that could not be read; <c>errors.csv</c> says why.</param>
/// <param name="Results">Where the results are.</param>
/// <param name="PassedOver">Files that are no images by name, or null if there are none.</param>
/// <param name="Parts">Number of parts that each table has. With one part, its name has no number.</param>
public sealed record InferBatchOutput(
    string Batch, string ModelVersion, int Images, int Succeeded, int Failed, string Results, PassedOverFiles? PassedOver = null, int Parts = 1);

/// <summary>Custom status of <see cref="InferBatch"/>. While a large batch is listed, the images are those found so far, without counts.</summary>
public sealed record BatchProgress(
    string Stage, int? Images = null, int? Succeeded = null, int? Failed = null, string? ModelVersion = null);
