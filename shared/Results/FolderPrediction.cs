using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>Predicts images in one process and writes their results to a folder: the same files as a batch in storage has.</summary>
/// <param name="model">The model; the caller disposes it.</param>
/// <param name="decoder">Reads the images.</param>
/// <param name="finders">Finds the instances of images, as the run says (<see cref="BatchRun.Finder"/>).</param>
/// <param name="store">The folder.</param>
/// <param name="time">The clock of the summary.</param>
/// <param name="mostRows">Maximum rows of a table, at least 1; see <see cref="BatchShape.ImagesPerSection"/>.</param>
public sealed class FolderPrediction(
    KeypointModel model, ImageDecoder decoder, Finders finders, FolderResultStore store, TimeProvider time, int mostRows)
{
    /// <summary>Predicts the images and writes all result files. Deletes tables of an earlier prediction that have other names.</summary>
    /// <param name="run">How the results are made.</param>
    /// <param name="images">The images, in order.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels reading and predicting.</param>
    public async Task<BatchSummary> PredictAsync(
        BatchRun run, IReadOnlyList<ImageSource> images, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(images);
        var predictor = new ChunkPredictor(model, decoder, finders.Of(run.Finder, model), store, images.Count);
        var merger = new ResultsMerger(store, time);
        var parts = new List<ResultPart>();
        foreach ((int part, ImageSource[] some) in images.Chunk(mostRows).DefaultIfEmpty([]).Index())
        {
            int first = part * mostRows;
            await using FileStream lines = store.CreateScratch();
            await predictor.PredictAsync(some, first, lines, Share(progress, first, some.Length, images.Count), cancellationToken);
            lines.Position = 0;
            parts.Add(await merger.MergePartAsync(
                run, images.Count > mostRows ? part : null, [_ => Task.FromResult<Stream>(lines)], cancellationToken));
        }

        store.DeleteOtherTables([.. parts.SelectMany(part => ResultFiles.TablesOf(part.Number))]);
        return await merger.FinishAsync(run, parts.ToAsyncEnumerable(), cancellationToken);
    }

    private static PartProgress? Share(IProgress<double>? progress, int first, int some, int all) =>
        progress is null ? null : new PartProgress(progress, first, some, all);

    /// <summary>Converts the share of a part to that of the whole.</summary>
    private sealed class PartProgress(IProgress<double> whole, int first, int some, int all) : IProgress<double>
    {
        public void Report(double value) => whole.Report((first + (value * some)) / all);
    }
}
