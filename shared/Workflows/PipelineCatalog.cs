using KeypointPipeline.Datasets;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Workflows;

/// <summary>The pipeline's workflows and steps, and the services they need.</summary>
public static class PipelineCatalog
{
    /// <summary>All workflows and steps by name.</summary>
    public static WorkflowCatalog Create() => new WorkflowCatalog()
        .Add(IngestDataset.Ref, _ => new IngestDataset())
        .Add(TrainModel.Ref, _ => new TrainModel(), CleanUpTraining.Ref)
        .Add(Retrain.Ref, _ => new Retrain())
        .Add(InferBatch.Ref, _ => new InferBatch())
        .Add(InferChunks.Ref, _ => new InferChunks())
        .Add(PrepareDataset.Ref, Step<PrepareDataset>)
        .Add(AcquireTrainingSlot.Ref, Step<AcquireTrainingSlot>)
        .Add(ReleaseTrainingSlot.Ref, Step<ReleaseTrainingSlot>)
        .Add(PlanTraining.Ref, Step<PlanTraining>)
        .Add(LaunchTrainer.Ref, Step<LaunchTrainer>)
        .Add(StopTrainer.Ref, Step<StopTrainer>)
        .Add(CheckTrainer.Ref, Step<CheckTrainer>)
        .Add(CleanUpTraining.Ref, Step<CleanUpTraining>)
        .Add(EvaluateCandidate.Ref, Step<EvaluateCandidate>)
        .Add(PublishModel.Ref, Step<PublishModel>)
        .Add(PromoteModel.Ref, Step<PromoteModel>)
        .Add(FindChampion.Ref, Step<FindChampion>)
        .Add(PlanBatch.Ref, Step<PlanBatch>)
        .Add(InferChunk.Ref, Step<InferChunk>)
        .Add(MergeBatch.Ref, Step<MergeBatch>);

    /// <summary>Registers the steps and what they use. The host adds <see cref="PipelineStorage"/>, <see cref="WorkFolder"/>,
    /// <see cref="ITrainerLauncher"/>, <see cref="TrainingSettings"/> (its defaults) and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddPipelineSteps(this IServiceCollection services) => services
        .AddSingleton<PreparedDatasetStore>()
        .AddSingleton<TrainingRunStore>()
        .AddSingleton<TrainingSlot>()
        .AddSingleton<ModelRegistry>()
        .AddSingleton<ModelCache>()
        .AddSingleton<DatasetPreparation>()
        .AddSingleton<ImageDecoder>(_ => new ImageDecoder())
        .AddSingleton<BatchImages>()
        .AddTransient<PrepareDataset>()
        .AddTransient<AcquireTrainingSlot>()
        .AddTransient<ReleaseTrainingSlot>()
        .AddTransient<PlanTraining>()
        .AddTransient<LaunchTrainer>()
        .AddTransient<StopTrainer>()
        .AddTransient<CheckTrainer>()
        .AddTransient<CleanUpTraining>()
        .AddTransient<EvaluateCandidate>()
        .AddTransient<PublishModel>()
        .AddTransient<PromoteModel>()
        .AddTransient<FindChampion>()
        .AddTransient<PlanBatch>()
        .AddTransient<InferChunk>()
        .AddTransient<MergeBatch>();

    private static TStep Step<TStep>(IServiceProvider services)
        where TStep : notnull => services.GetRequiredService<TStep>();
}
