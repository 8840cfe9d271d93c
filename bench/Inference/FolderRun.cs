using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Results;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Predicts a folder of images into a folder of results, as <c>keypoints predict</c> does. No storage server shares the
/// processors.</summary>
/// <param name="model">The model; the caller disposes it.</param>
/// <param name="images">Folder of the images.</param>
/// <param name="results">Folder of the results.</param>
/// <param name="finder">What finds the instances of the images.</param>
internal sealed class FolderRun(KeypointModel model, string images, string results, FinderKind finder) : IDisposable
{
    private readonly Finders _finders = new();

    /// <summary>Predicts all images of the folder.</summary>
    /// <exception cref="InvalidOperationException">An image could not be read.</exception>
    public async Task<BatchSummary> PredictAsync(CancellationToken cancellationToken)
    {
        using ImageSet set = await ImageSet.OpenAsync(images, cancellationToken);
        var run = new BatchRun("bench", UntrainedModel.Version, model.Schema, TimeProvider.System.GetUtcNow(), model.Metadata.Gaps) { Finder = finder };
        var prediction = new FolderPrediction(
            model, new ImageDecoder(), _finders, new FolderResultStore(results), TimeProvider.System, BatchShape.Default.ImagesPerSection);
        BatchSummary summary = await prediction.PredictAsync(run, set.Images, progress: null, cancellationToken);
        return summary.Failed == 0 ? summary : throw new InvalidOperationException($"{summary.Failed} of {summary.Images} images failed; see {results}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _finders.Dispose();
}
