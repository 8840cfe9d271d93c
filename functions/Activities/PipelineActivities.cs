using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Training;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Functions.Activities;

/// <summary>Exposes the steps as activity functions, under the names that workflows call. Functions needs attributes at compile time, so
/// each step has one method here. A test names a step that has none.</summary>
/// <param name="services">Creates the steps.</param>
public sealed class PipelineActivities(IServiceProvider services)
{
    /// <summary>Runs <see cref="PrepareDataset"/>.</summary>
    [Function(nameof(PrepareDataset))]
    public Task<PrepareDatasetOutput> PrepareDatasetAsync([ActivityTrigger] PrepareDatasetInput input, CancellationToken cancellationToken) =>
        Step<PrepareDataset>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="AcquireTrainingSlot"/>.</summary>
    [Function(nameof(AcquireTrainingSlot))]
    public Task<TrainingTurn> AcquireTrainingSlotAsync([ActivityTrigger] string instanceId, CancellationToken cancellationToken) =>
        Step<AcquireTrainingSlot>().RunAsync(instanceId, cancellationToken);

    /// <summary>Runs <see cref="ReleaseTrainingSlot"/>.</summary>
    [Function(nameof(ReleaseTrainingSlot))]
    public Task<bool> ReleaseTrainingSlotAsync([ActivityTrigger] string instanceId, CancellationToken cancellationToken) =>
        Step<ReleaseTrainingSlot>().RunAsync(instanceId, cancellationToken);

    /// <summary>Runs <see cref="PlanTraining"/>.</summary>
    [Function(nameof(PlanTraining))]
    public Task<TrainingPlan> PlanTrainingAsync([ActivityTrigger] PlanTrainingInput input, CancellationToken cancellationToken) =>
        Step<PlanTraining>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="LaunchTrainer"/>.</summary>
    [Function(nameof(LaunchTrainer))]
    public Task<bool> LaunchTrainerAsync([ActivityTrigger] string runId, CancellationToken cancellationToken) =>
        Step<LaunchTrainer>().RunAsync(runId, cancellationToken);

    /// <summary>Runs <see cref="CheckTrainer"/>.</summary>
    [Function(nameof(CheckTrainer))]
    public Task<TrainerCheck> CheckTrainerAsync([ActivityTrigger] CheckTrainerInput input, CancellationToken cancellationToken) =>
        Step<CheckTrainer>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="StopTrainer"/>.</summary>
    [Function(nameof(StopTrainer))]
    public Task<bool> StopTrainerAsync([ActivityTrigger] string runId, CancellationToken cancellationToken) =>
        Step<StopTrainer>().RunAsync(runId, cancellationToken);

    /// <summary>Runs <see cref="EvaluateCandidate"/>.</summary>
    [Function(nameof(EvaluateCandidate))]
    public Task<ModelComparison> EvaluateCandidateAsync([ActivityTrigger] string runId, CancellationToken cancellationToken) =>
        Step<EvaluateCandidate>().RunAsync(runId, cancellationToken);

    /// <summary>Runs <see cref="PublishModel"/>.</summary>
    [Function(nameof(PublishModel))]
    public Task<PublishedModel> PublishModelAsync([ActivityTrigger] PublishModelInput input, CancellationToken cancellationToken) =>
        Step<PublishModel>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="PromoteModel"/>.</summary>
    [Function(nameof(PromoteModel))]
    public Task<PromotionDecision> PromoteModelAsync([ActivityTrigger] PromoteModelInput input, CancellationToken cancellationToken) =>
        Step<PromoteModel>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="FindChampion"/>.</summary>
    [Function(nameof(FindChampion))]
    public Task<ChampionVersion> FindChampionAsync([ActivityTrigger] string batch, CancellationToken cancellationToken) =>
        Step<FindChampion>().RunAsync(batch, cancellationToken);

    /// <summary>Runs <see cref="PlanBatch"/>.</summary>
    [Function(nameof(PlanBatch))]
    public Task<BatchPlan> PlanBatchAsync([ActivityTrigger] PlanBatchInput input, CancellationToken cancellationToken) =>
        Step<PlanBatch>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="ListBatchPage"/>.</summary>
    [Function(nameof(ListBatchPage))]
    public Task<BatchPlan> ListBatchPageAsync([ActivityTrigger] BatchPlan plan, CancellationToken cancellationToken) =>
        Step<ListBatchPage>().RunAsync(plan, cancellationToken);

    /// <summary>Runs <see cref="InferChunk"/>.</summary>
    [Function(nameof(InferChunk))]
    public Task<ChunkTotals> InferChunkAsync([ActivityTrigger] InferChunkInput input, CancellationToken cancellationToken) =>
        Step<InferChunk>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="MergeSection"/>.</summary>
    [Function(nameof(MergeSection))]
    public Task<ChunkTotals> MergeSectionAsync([ActivityTrigger] MergeSectionInput input, CancellationToken cancellationToken) =>
        Step<MergeSection>().RunAsync(input, cancellationToken);

    /// <summary>Runs <see cref="MergeBatch"/>.</summary>
    [Function(nameof(MergeBatch))]
    public Task<ChunkTotals> MergeBatchAsync([ActivityTrigger] BatchPlan plan, CancellationToken cancellationToken) =>
        Step<MergeBatch>().RunAsync(plan, cancellationToken);

    private TStep Step<TStep>()
        where TStep : notnull => services.GetRequiredService<TStep>();
}
