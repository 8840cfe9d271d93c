using KeypointPipeline.Finding;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>The predicted chunks of a batch, for the steps that merge them.</summary>
/// <param name="storage">The account.</param>
/// <param name="models">Describes the model that predicted them.</param>
/// <param name="plan">The batch.</param>
internal sealed class BatchChunks(PipelineStorage storage, ModelRegistry models, BatchPlan plan)
{
    /// <summary>Describes how the results were made.</summary>
    /// <exception cref="ModelNotFoundException">The model was deleted meanwhile.</exception>
    public async Task<BatchRun> DescribeRunAsync(CancellationToken cancellationToken)
    {
        ModelManifest model = await models.FindAsync(plan.ModelVersion, cancellationToken) ?? throw new ModelNotFoundException(plan.ModelVersion);
        return new BatchRun(
            plan.Batch, plan.ModelVersion, model.Schema, plan.StartedAt, model.Training.Gaps ?? LabelGaps.None, plan.PassedOver)
        {
            Finder = plan.Finder ?? FinderKind.Whole,
            HasGate = model.Training.Gate is not null,
            Notes = plan.Boxes?.Note is string note ? [note] : [],
        };
    }

    /// <summary>Opens the chunks of a section, in order. Each is one request.</summary>
    public IEnumerable<Func<CancellationToken, Task<Stream>>> Of(int section)
    {
        (int first, int count) = plan.ChunksOf(section);
        return Enumerable.Range(first, count).Select(chunk => new Func<CancellationToken, Task<Stream>>(token => OpenAsync(chunk, token)));
    }

    private async Task<Stream> OpenAsync(int chunk, CancellationToken cancellationToken) =>
        (await storage.Blob(BlobLayout.Results, BatchWork.ChunkResults(plan, chunk)).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
}
