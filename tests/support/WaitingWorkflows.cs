using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.TestSupport;

/// <summary>Workflows under the pipeline's names that only wait for the event <c>go</c>. Their output is its data; they fail if the data
/// is <c>fail</c>.</summary>
public static class WaitingWorkflows
{
    public static WorkflowCatalog Catalog => new WorkflowCatalog()
        .Add(IngestDataset.Ref, _ => new Ingest())
        .Add(InferBatch.Ref, _ => new Batch())
        .Add(CleanUpBatch.Ref, _ => new NoCleanUp())
        .Add(Retrain.Ref, _ => new Training());

    private static async Task<string> WaitAsync(IWorkflowContext context)
    {
        context.SetStatus(new { stage = "waiting" });
        string data = await context.WaitForEventAsync("go", TimeSpan.FromHours(1)) ?? throw new TimeoutException();
        return data == "\"fail\"" ? throw new InvalidOperationException("told to fail") : data;
    }

    private sealed class Ingest : Workflow<IngestDatasetInput, IngestDatasetOutput>
    {
        public override async Task<IngestDatasetOutput> RunAsync(IWorkflowContext context, IngestDatasetInput input) =>
            new(true, await WaitAsync(context), 0, 0, null, null);
    }

    private sealed class Batch : Workflow<InferBatchInput, InferBatchOutput>
    {
        public override async Task<InferBatchOutput> RunAsync(IWorkflowContext context, InferBatchInput input) =>
            new(input.Batch, await WaitAsync(context), 0, 0, 0, "");
    }

    private sealed class NoCleanUp : Step<TerminatedInstance, bool>
    {
        public override Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken) => Task.FromResult(false);
    }

    private sealed class Training : Workflow<RetrainInput, TrainModelOutput>
    {
        public override async Task<TrainModelOutput> RunAsync(IWorkflowContext context, RetrainInput input) =>
            new(false, null, false, await WaitAsync(context), null);
    }
}
