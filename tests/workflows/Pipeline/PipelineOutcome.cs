using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Pipeline;

/// <summary>What must come of a dataset and a batch, whatever happens on the way.</summary>
/// <param name="DatasetId">The dataset.</param>
/// <param name="Report">Its report.</param>
/// <param name="ModelSha256">The only model, which is the champion.</param>
/// <param name="ValidationRmse">Its error.</param>
/// <param name="Csv">The batch's keypoints.</param>
/// <param name="JsonLines">The same as JSON Lines.</param>
/// <param name="Errors">The images that could not be read.</param>
internal sealed record PipelineOutcome(
    string DatasetId, string Report, string ModelSha256, double? ValidationRmse, string Csv, string JsonLines, string Errors)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Drops both and waits for what becomes of them.</summary>
    public static async Task<PipelineOutcome> OfAsync(PipelineRun pipeline, string dataset, string images)
    {
        IngestDatasetOutput ingested = await pipeline.DropDatasetAsync(dataset);
        Assert.True(ingested.Training?.Promoted, ingested.Reason ?? ingested.Training?.Reason);
        InferBatchOutput predicted = await pipeline.DropImagesAsync(images, "people");
        var registry = new ModelRegistry(pipeline.Storage, TimeProvider.System);
        ModelManifest model = Assert.Single(await registry.ListAsync(Cancel));
        Assert.Equal(model.Version, (await registry.GetChampionAsync(Cancel))!.Version);
        Assert.Equal(model.Version, predicted.ModelVersion);
        Assert.Empty((await new TrainingSlot(pipeline.Storage, TimeProvider.System).FindAsync(Cancel)).Instances);
        return new PipelineOutcome(
            ingested.DatasetId!,
            await pipeline.ReadTextAsync(BlobLayout.Reports, $"{ingested.DatasetId}.json"),
            model.ModelSha256,
            ingested.Training!.Evaluation!.CandidateRmse,
            await ReadTableAsync(ResultFiles.Csv),
            await ReadTableAsync(ResultFiles.JsonLines),
            await pipeline.ReadTextAsync(BlobLayout.Results, $"people/{ResultFiles.Errors}"));

        // A version is named after its time. Every row says which one predicted it.
        async Task<string> ReadTableAsync(string name) =>
            (await pipeline.ReadTextAsync(BlobLayout.Results, $"people/{name}")).Replace(model.Version, "(version)", StringComparison.Ordinal);
    }
}
