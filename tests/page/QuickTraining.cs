using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Page.Tests;

/// <summary>Takes the place of <see cref="TrainModel"/>: it ends at once and publishes nothing. Every other workflow and step is the
/// pipeline's own.</summary>
internal sealed class QuickTraining : Workflow<TrainModelInput, TrainModelOutput>
{
    public static WorkflowRef<TrainModelInput, TrainModelOutput> Ref => TrainModel.Ref;

    /// <summary>The pipeline with this training.</summary>
    public static WorkflowCatalog Catalog => WorkflowDiscovery.CreateCatalog(
        [.. typeof(TrainModel).Assembly.GetTypes().Where(type => type != typeof(TrainModel)), typeof(QuickTraining)]);

    public override Task<TrainModelOutput> RunAsync(IWorkflowContext context, TrainModelInput input)
    {
        context.SetStatus(new TrainModelProgress("done", Reason: "not promoted: a test", TestRmse: 1.5));
        return Task.FromResult(new TrainModelOutput(true, "v2", false, "not promoted: a test", null));
    }

    /// <summary>Publishes two measured versions that predict the drawn keypoints in the frame's middle, the second as champion.</summary>
    public static async Task PublishAsync(PipelineStorage storage, CancellationToken cancellationToken)
    {
        foreach ((string version, double error) in ((string, double)[])[("v1", 1.75), ("v2", 1.5)])
        {
            await PublishAsync(storage, version, error, version == "v1" ? null : "v1", cancellationToken);
            await new ModelRegistry(storage, TimeProvider.System).PromoteAsync(version, "an example", cancellationToken);
        }
    }

    /// <summary>Publishes a measured version that was compared with another one, whose test error was 1.75 pixels.</summary>
    public static async Task PublishAsync(PipelineStorage storage, string version, double error, string? champion, CancellationToken cancellationToken)
    {
        var schema = new KeypointSchema([.. DrawnInputs.KeypointNames], 96, 96);
        byte[] model = TinyOnnxModel.Constant(schema, [.. Enumerable.Range(0, 2 * schema.Names.Count).Select(i => 30f + i)]);
        using TemporaryFolder folder = TestFolder.Create("page model");
        await File.WriteAllBytesAsync(folder.File("model.onnx"), model, cancellationToken);
        var comparison = new ModelComparison(100, error, 0.08, champion, champion is null ? null : 1.75, TestRows: 100, TestComponents: 40);
        await new ModelRegistry(storage, TimeProvider.System).PublishAsync(
            ModelExamples.Manifest(version, model, comparison: comparison, schema: schema), folder.File("model.onnx"), cancellationToken);
    }
}
