using KeypointPipeline.Finding;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Chooses what finds the instances of a batch's pictures: what the drop states, else the batch's file, else the host's setting, else
/// what suits the model.</summary>
/// <param name="storage">The account.</param>
/// <param name="images">Reads the file.</param>
internal sealed class BatchFinder(PipelineStorage storage, BatchImages images)
{
    /// <summary>Chooses for the first page.</summary>
    /// <param name="plan">The batch with this page.</param>
    /// <param name="page">The page.</param>
    /// <param name="drop">What was dropped.</param>
    /// <param name="models">Describes the model. It is read only if nothing else states a finder.</param>
    /// <param name="host">The host's setting.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="PermanentStepException">A statement cannot be used. The message says what to do.</exception>
    public async Task<BatchPlan> ChooseAsync(
        BatchPlan plan, BatchPage page, BatchDrop drop, ModelRegistry models, HostFinder? host, CancellationToken cancellationToken)
    {
        FinderKind? finder = Stated(plan, drop) ?? await OfFileAsync(plan, page, cancellationToken) ?? host?.Kind;
        return WithoutFile(plan, page) with { Finder = finder ?? await SuitedAsync(models, plan.ModelVersion, cancellationToken) };
    }

    /// <summary>Chooses again if a later page has the batch's file. A batch that an earlier version planned keeps its plan.</summary>
    /// <inheritdoc cref="ChooseAsync" path="/exception"/>
    public async Task<BatchPlan> ChooseAgainAsync(BatchPlan plan, BatchPage page, CancellationToken cancellationToken)
    {
        if (page.Settings is null || plan.Finder is null)
            return plan;
        IReadOnlyList<BatchDrop> latest = await BatchDrop.FindLatestAsync(storage, plan.Batch, cancellationToken);
        BatchDrop? drop = latest.FirstOrDefault(candidate => BlobETag.Same(candidate.ETag.ToString(), plan.ETag));
        FinderKind? finder = (drop is null ? null : Stated(plan, drop)) ?? await OfFileAsync(plan, page, cancellationToken) ?? plan.Finder;
        return WithoutFile(plan, page) with { Finder = finder };
    }

    private static FinderKind? Stated(BatchPlan plan, BatchDrop drop) => drop.Finder is not string text ? null
        : FinderNames.Parse(text)
        ?? throw new PermanentStepException(
            $"The metadata {BatchDrop.FinderMetadata} of batch '{plan.Batch}' is '{text}'; {FinderNames.All} is expected. Correct it and drop the batch again.");

    private async Task<FinderKind?> OfFileAsync(BatchPlan plan, BatchPage page, CancellationToken cancellationToken) =>
        page.Settings is ListedImage file ? await images.ReadFinderAsync(plan, file, cancellationToken) : null;

    /// <summary>The file is no longer one of those passed over.</summary>
    private static BatchPlan WithoutFile(BatchPlan plan, BatchPage page) =>
        page.Settings is ListedImage file ? plan with { PassedOver = plan.PassedOver?.Without(file.Name) } : plan;

    /// <summary>What suits the model. A model that is gone fails the batch when it is opened.</summary>
    private static async Task<FinderKind> SuitedAsync(ModelRegistry models, string version, CancellationToken cancellationToken) =>
        await models.FindAsync(version, cancellationToken) is ModelManifest model ? ModelMetadata.SuitedFinder(model.Schema, model.Framing) : FinderKind.Whole;
}
