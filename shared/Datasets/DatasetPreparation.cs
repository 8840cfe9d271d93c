using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>Prepares labelled files: reads a <c>.csv</c>, <c>.csv.gz</c> or <c>.zip</c> once, as a stream, and writes the good rows
/// as a prepared dataset (<see cref="PreparedDatasetFiles"/>). Memory does not grow with the file but for the hashes that find
/// duplicates. The formats, and what is done with every kind of flaw: README.md in this folder.</summary>
/// <param name="clock">Dates the manifests.</param>
public sealed class DatasetPreparation(TimeProvider clock)
{
    private const int RowsPerProgress = 100;

    /// <summary>Prepares a file. Doing it again gives the same dataset, with the same id.</summary>
    /// <param name="source">The file.</param>
    /// <param name="outputFolder">Where the dataset goes; made where it is missing. Where the file is refused, or this fails,
    /// whatever stood there before is left as it was.</param>
    /// <param name="options">What is stated about the file.</param>
    /// <param name="progress">Told after every 100 rows, or null.</param>
    /// <param name="cancellationToken">Stops it; nothing is left behind.</param>
    /// <returns>The dataset, or why the file cannot be used: a bad file is an outcome, not an exception.</returns>
    /// <exception cref="IOException">The source could not be read to its end, or the output not be written: worth another try.</exception>
    public async Task<PreparationOutcome> PrepareAsync(
        DatasetSource source,
        string outputFolder,
        DatasetOptions options,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumBadShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaximumBadShare, 1);
        var tally = new RowTally(source.Name);
        await using var stream = new SourceStream(await source.OpenAsync(cancellationToken), source.Name, source.Length);
        try
        {
            await using ReadAheadContent content = await CsvContentOpener.OpenAsync(source, stream, cancellationToken);
            tally.File = content.FileName;
            using DatasetReader rows = await DatasetReader.OpenAsync(content, options.Frame, cancellationToken);
            tally.Start(rows.Columns);
            await using var writer = new PreparedDatasetWriter(outputFolder, rows.Columns.Keypoints.Count);
            using var fingerprint = new DatasetFingerprint();
            await KeepRowsAsync(rows, new RowKeeper(writer, fingerprint, tally), ReportProgress, cancellationToken);
            tally.NoteBlankLines(rows.BlankLines);
            tally.ThrowIfUnusable(options.MaximumBadShare);

            FrameSize frame = rows.Values.Frame!;
            var schema = new KeypointSchema(rows.Columns.Keypoints, frame.Width, frame.Height);
            var manifest = new DatasetManifest(
                fingerprint.ToId(schema), schema, tally.Accepted, tally.Labels, tally.Complete, source.Name, source.ETag, clock.GetUtcNow());
            await writer.CompleteAsync(manifest, cancellationToken);
            return new PreparationOutcome(tally.ToReport(manifest.DatasetId, rejection: null), manifest);
        }
        catch (RejectedFileException e)
        {
            return new PreparationOutcome(tally.ToReport(datasetId: null, e.Message), Manifest: null);
        }

        void ReportProgress(long row) => progress?.Report(new PreparationProgress(stream.BytesRead, source.Length, row));
    }

    /// <summary>Reads rows, and keeps a batch of them while the next one is read.</summary>
    private static async Task KeepRowsAsync(
        DatasetReader rows, RowKeeper keeper, Action<long> reportProgress, CancellationToken cancellationToken)
    {
        var batch = new RowBatch(rows.Columns.Keypoints.Count);
        var kept = new RowBatch(rows.Columns.Keypoints.Count);
        Task keeping = Task.CompletedTask;
        try
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                if (rows.Row % RowsPerProgress == 0)
                    reportProgress(rows.Row);
                batch.Add(rows);
                if (!batch.IsFull)
                    continue;
                await keeping;
                (batch, kept) = (kept, batch);
                batch.Clear();
                keeping = KeepInBackground(kept);
            }
        }
        finally
        {
            // Also where reading failed: the report tells all that was read, and nobody may write when the writer is disposed.
            await keeping;
            await keeper.KeepAsync(batch, cancellationToken);
        }

        Task KeepInBackground(RowBatch full) => Task.Run(() => keeper.KeepAsync(full, cancellationToken), cancellationToken);
    }
}
