using KeypointPipeline.Port;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows;

public sealed class PipelineCatalogTests
{
    /// <summary>Histories of running instances hold these names: without them, an update could not replay the instances.</summary>
    [Theory]
    [InlineData("IngestDataset", "TrainModel", "Retrain", "InferBatch", "ListBatch", "InferSections", "InferSection", "InferChunks")]
    public void Every_workflow_that_recorded_instances_name_is_found(params string[] names) =>
        Assert.Superset(names.ToHashSet(), PipelineCatalog.Create().Workflows.Keys.ToHashSet());

    [Theory]
    [InlineData(
        "PrepareDataset", "AcquireTrainingSlot", "ReleaseTrainingSlot", "PlanTraining", "LaunchTrainer", "StopTrainer", "CheckTrainer",
        "CleanUpTraining", "EvaluateCandidate", "PublishModel", "PromoteModel", "FindChampion", "PlanBatch", "ListBatchPage", "InferChunk", "MergeSection",
        "MergeBatch", "CleanUpBatch")]
    public void Every_step_that_recorded_instances_name_is_found(params string[] names) =>
        Assert.Superset(names.ToHashSet(), PipelineCatalog.Create().Steps.Keys.ToHashSet());

    [Fact]
    public void A_training_and_a_batch_are_cleaned_up_after_their_termination() => Assert.Equal(
        [("InferBatch", "CleanUpBatch"), ("TrainModel", "CleanUpTraining")],
        PipelineCatalog.Create().Workflows.Values.Where(workflow => workflow.OnTerminated is not null)
            .Select(workflow => (workflow.Name, workflow.OnTerminated!)).Order());

    [Fact]
    public void Every_step_is_registered_for_its_engine()
    {
        IServiceCollection services = new ServiceCollection().AddPipelineSteps();

        Assert.Equal(
            PipelineCatalog.Create().Steps.Count,
            services.Count(service => service.Lifetime == ServiceLifetime.Transient && WorkflowDiscovery.FindSteps([service.ServiceType]).Count == 1));
    }
}
