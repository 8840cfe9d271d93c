using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Orchestrators;

/// <summary>Exposes the workflows as orchestrator functions, under the names by which workflows call each other. Functions needs
/// attributes at compile time, so each workflow has one method here. A test names a workflow that has none.</summary>
public static class PipelineOrchestrators
{
    /// <summary>Runs <see cref="Workflows.IngestDataset"/>.</summary>
    [Function(nameof(IngestDataset))]
    public static Task<IngestDatasetOutput> IngestDatasetAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, IngestDatasetInput input) => RunAsync(new IngestDataset(), context, input);

    /// <summary>Runs <see cref="Workflows.TrainModel"/>.</summary>
    [Function(nameof(TrainModel))]
    public static Task<TrainModelOutput> TrainModelAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, TrainModelInput input) => RunAsync(new TrainModel(), context, input);

    /// <summary>Runs <see cref="Workflows.Retrain"/>.</summary>
    [Function(nameof(Retrain))]
    public static Task<TrainModelOutput> RetrainAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, RetrainInput input) => RunAsync(new Retrain(), context, input);

    /// <summary>Runs <see cref="Workflows.InferBatch"/>.</summary>
    [Function(nameof(InferBatch))]
    public static Task<InferBatchOutput> InferBatchAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, InferBatchInput input) => RunAsync(new InferBatch(), context, input);

    /// <summary>Runs <see cref="Workflows.ListBatch"/>.</summary>
    [Function(nameof(ListBatch))]
    public static Task<BatchPlan> ListBatchAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, BatchPlan input) => RunAsync(new ListBatch(), context, input);

    /// <summary>Runs <see cref="Workflows.InferSections"/>.</summary>
    [Function(nameof(InferSections))]
    public static Task<ChunkTotals> InferSectionsAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, InferSectionsInput input) => RunAsync(new InferSections(), context, input);

    /// <summary>Runs <see cref="Workflows.InferSection"/>.</summary>
    [Function(nameof(InferSection))]
    public static Task<ChunkTotals> InferSectionAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, MergeSectionInput input) => RunAsync(new InferSection(), context, input);

    /// <summary>Runs <see cref="Workflows.InferChunks"/>.</summary>
    [Function(nameof(InferChunks))]
    public static Task<ChunkTotals> InferChunksAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context, InferChunksInput input) => RunAsync(new InferChunks(), context, input);

    /// <summary>Runs a workflow and logs its failure once. The alert on failed workflows reads this record (infra/modules/alerts.bicep):
    /// the host's own log of failed orchestrations is not exported while this process exports its own.</summary>
    private static async Task<TOutput> RunAsync<TInput, TOutput>(
        Workflow<TInput, TOutput> workflow, TaskOrchestrationContext orchestration, TInput input)
    {
        var context = new DurableWorkflowContext(orchestration);
        try
        {
            return await workflow.RunAsync(context, input);
        }
        catch (Exception e)
        {
            // Without the exception object: Application Insights would keep the record in another table, without this message.
            ILogger logger = orchestration.CreateReplaySafeLogger(DurableWorkflowContext.LogCategory(orchestration));
            logger.LogError("Workflow {Workflow} {InstanceId} failed: {Reason}", orchestration.Name.Name, context.InstanceId, e.Message);
            throw;
        }
    }
}
