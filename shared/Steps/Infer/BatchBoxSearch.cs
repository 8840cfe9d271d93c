using KeypointPipeline.Inference;
using KeypointPipeline.Models;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Adds the file of boxes to a batch's plan, if a listed page has one and the model needs it. Batches without such a file cost
/// nothing more.</summary>
/// <param name="images">Reads the file.</param>
/// <param name="models">Describes the model.</param>
internal sealed class BatchBoxSearch(BatchImages images, ModelRegistry models)
{
    /// <summary>Looks at a page. The file is then no longer one of those passed over.</summary>
    /// <param name="plan">The batch with this page.</param>
    /// <param name="page">The page.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="Port.PermanentStepException">The file cannot be used. The message says what to do.</exception>
    public async Task<BatchPlan> AddAsync(BatchPlan plan, BatchPage page, CancellationToken cancellationToken)
    {
        if (page.Boxes is not ListedImage file || (plan.Boxes is not null && file.Name.Contains('/')))
            return plan;
        ModelManifest model = await models.FindAsync(plan.ModelVersion, cancellationToken) ?? throw new ModelNotFoundException(plan.ModelVersion);
        if (model.Framing is not { NeedsPlace: true })
            return plan;
        bool isAll = plan.Next is null && plan.Images == page.Images.Count;
        string? note = await images.CheckBoxesAsync(plan, file, isAll ? page.Images : null, cancellationToken);
        return plan with { Boxes = new BatchBoxes(file, note), PassedOver = plan.PassedOver?.Without(file.Name) };
    }
}
