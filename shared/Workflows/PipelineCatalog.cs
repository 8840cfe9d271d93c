using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Erasure;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Workflows;

/// <summary>The pipeline's workflows and steps, and the services they need. Workflows and steps are found: adding one is adding a
/// file.</summary>
public static class PipelineCatalog
{
    private static readonly Type[] Types = typeof(PipelineCatalog).Assembly.GetTypes();

    /// <summary>All workflows and steps by name.</summary>
    public static WorkflowCatalog Create() => WorkflowDiscovery.CreateCatalog(Types);

    /// <summary>Registers the steps, the services they use, and what starts drops. The host adds <see cref="PipelineStorage"/>,
    /// <see cref="WorkFolder"/>, <see cref="ITrainerLauncher"/>, <see cref="TrainingSettings"/> (its defaults), <see cref="ReconcileLimits"/>
    /// and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddPipelineSteps(this IServiceCollection services)
    {
        services
            .AddSingleton<PreparedDatasetStore>()
            .AddSingleton<DatasetPaths>()
            .AddSingleton<DatasetCopies>()
            .AddSingleton<ErasedGroups>()
            .AddSingleton<DatasetErasure>()
            .AddSingleton<RowPlanStore>()
            .AddSingleton<TrainingHistory>()
            .AddSingleton<TrainingRunStore>()
            .AddSingleton<TrainingSlot>()
            .AddSingleton<ModelRegistry>()
            .AddSingleton<ModelCache>()
            .AddSingleton<DatasetPreparation>()
            .AddSingleton<ImageDecoder>(_ => new ImageDecoder())
            .AddSingleton<BatchImages>()
            .AddSingleton<Finders>()
            .AddSingleton<HandledDrops>()
            .AddSingleton<DropTriggers>()
            .AddSingleton<Reconciler>();
        foreach (Type step in WorkflowDiscovery.FindSteps(Types))
            services.AddTransient(step);
        return services;
    }
}
