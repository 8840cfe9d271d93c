using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Overlays;

namespace KeypointPipeline.Results;

/// <summary>Predicts images of a batch and writes their results as a chunk that <see cref="ResultsMerger"/> merges. The command and the
/// workflow step share it; they differ only in where images and results are stored.</summary>
/// <param name="model">The model; the caller disposes it.</param>
/// <param name="decoder">Reads the images.</param>
/// <param name="finder">Finds the instances of images.</param>
/// <param name="overlays">Receives the overlays.</param>
/// <param name="batchImages">Number of images in the whole batch: it decides which of them are drawn.</param>
public sealed class ChunkPredictor(KeypointModel model, ImageDecoder decoder, IInstanceFinder finder, IResultStore overlays, int batchImages)
{
    /// <summary>Predicts one chunk. Predicting it again writes the same bytes.</summary>
    /// <param name="images">The chunk's images, in the batch's order.</param>
    /// <param name="firstIndex">Place of the first image in the batch, from 0.</param>
    /// <param name="lines">Receives one line per image; the caller disposes it.</param>
    /// <param name="progress">Receives the share of the chunk done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels reading and predicting.</param>
    public async Task<ChunkTotals> PredictAsync(
        IReadOnlyList<ImageSource> images,
        int firstIndex,
        Stream lines,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        var sample = new OverlaySample(batchImages);
        var writer = new ChunkWriter(lines, overlays, model.Schema, sample);
        var predictor = new ImageSetPredictor(model, decoder, finder);
        await foreach (PredictedImage image in predictor.PredictAsync(
            images.ToAsyncEnumerable(), firstIndex, sample.HasOverlay, cancellationToken))
        {
            using (image)
                await writer.WriteAsync(image, cancellationToken);
            progress?.Report((double)(image.Index - firstIndex + 1) / images.Count);
        }

        return writer.Totals;
    }
}
