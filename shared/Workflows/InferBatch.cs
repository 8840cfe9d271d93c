using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;

namespace KeypointPipeline.Workflows;

/// <summary>Predicts a dropped image batch: lists the images, predicts them in chunks side by side, merges the chunks into results.</summary>
public sealed class InferBatch : Workflow<InferBatchInput, InferBatchOutput>
{
    /// <summary>Chunks per child workflow. It limits the length of each history, whatever the size of the batch.</summary>
    public const int ChunksPerGroup = 16;

    /// <summary>How long a batch waits for the first model.</summary>
    public static readonly TimeSpan PatienceForModel = TimeSpan.FromDays(7);

    /// <summary>Maximum wait between two looks for the first model. It limits the history: about 480 looks in seven days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<InferBatchInput, InferBatchOutput> Ref { get; } = new(nameof(InferBatch));

    /// <inheritdoc/>
    public override async Task<InferBatchOutput> RunAsync(IWorkflowContext context, InferBatchInput input)
    {
        BatchPlan plan = await PlanAsync(context, input);
        int groups = (plan.Chunks + ChunksPerGroup - 1) / ChunksPerGroup;
        var pending = new List<Task<ChunkTotals>>(groups);
        for (int group = 0; group < groups; group++)
        {
            int first = group * ChunksPerGroup;
            var work = new InferChunksInput(plan, first, Math.Min(ChunksPerGroup, plan.Chunks - first));
            pending.Add(context.CallWorkflowAsync(InferChunks.Ref, work, InstanceIds.ChunkGroup(context.InstanceId, group)));
        }

        var totals = new ChunkTotals(0, 0);
        context.SetStatus(new BatchProgress("predicting", plan.Images, 0, 0, plan.ModelVersion));
        while (pending.Count > 0)
        {
            Task<ChunkTotals> done = await Task.WhenAny(pending);
            pending.Remove(done);
            totals += await done;
            context.SetStatus(new BatchProgress("predicting", plan.Images, totals.Succeeded, totals.Failed, plan.ModelVersion));
        }

        context.SetStatus(new BatchProgress("merging", plan.Images, totals.Succeeded, totals.Failed, plan.ModelVersion));
        totals = await context.CallStepAsync(MergeBatch.Ref, plan);
        context.SetStatus(new BatchProgress("done", plan.Images, totals.Succeeded, totals.Failed, plan.ModelVersion));
        return new InferBatchOutput(plan.Batch, plan.ModelVersion, plan.Images, totals.Succeeded, totals.Failed, $"results/{plan.Batch}/", plan.PassedOver);
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
public sealed record InferBatchOutput(
    string Batch, string ModelVersion, int Images, int Succeeded, int Failed, string Results, PassedOverFiles? PassedOver = null);

/// <summary>Custom status of <see cref="InferBatch"/>.</summary>
public sealed record BatchProgress(
    string Stage, int? Images = null, int? Succeeded = null, int? Failed = null, string? ModelVersion = null);
