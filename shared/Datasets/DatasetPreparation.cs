using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets;

/// <summary>Prepares labelled files: reads a <c>.csv</c>, <c>.csv.gz</c> or <c>.zip</c> as a stream, and writes the good rows as a
/// prepared dataset (<see cref="PreparedDatasetFiles"/>).</summary>
/// <remarks>Memory grows with the file only for the hashes that find duplicates. <c>Formats/PixelCsv/README.md</c> describes the
/// formats and how every kind of flaw is handled.</remarks>
/// <param name="clock">Gives the time that manifests record.</param>
public sealed class DatasetPreparation(TimeProvider clock)
{
    private const int RowsPerProgress = 100;

    /// <summary>Prepares a file. Preparing it again gives the same dataset with the same id.</summary>
    /// <param name="source">The file to prepare.</param>
    /// <param name="outputFolder">Folder of the dataset. It is created if it is missing. If the file is refused or preparation fails,
    /// an earlier dataset in the folder stays unchanged.</param>
    /// <param name="options">Options for this file.</param>
    /// <param name="progress">Receives a report after every 100 rows. Can be null.</param>
    /// <param name="cancellationToken">Stops the preparation. Unfinished files are deleted.</param>
    /// <returns>The dataset, or the reason why the file is refused: a bad file is an outcome, not an exception.</returns>
    /// <exception cref="IOException">The source could not be read to its end, or the output could not be written. Retry.</exception>
    public async Task<PreparationOutcome> PrepareAsync(
        DatasetSource source,
        string outputFolder,
        DatasetOptions options,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumBadShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaximumBadShare, 1);
        // Most files are read once. What a survey of all rows finds, such as missing marks, can only be applied by reading them again.
        SurveyFindings? findings = null;
        while (true)
        {
            (PreparationOutcome? outcome, findings) = await ReadAsync(source, outputFolder, options, findings, progress, cancellationToken);
            if (outcome is not null)
                return outcome;
        }
    }

    /// <summary>Reads a file once.</summary>
    /// <param name="source">The file to prepare.</param>
    /// <param name="outputFolder">Folder of the dataset.</param>
    /// <param name="options">Options for this file.</param>
    /// <param name="found">What the survey of an earlier read found, or null for the first read.</param>
    /// <param name="progress">Receives a report after every 100 rows.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <returns>The outcome, or null and what the survey found if the file must be read again.</returns>
    private async Task<(PreparationOutcome? Outcome, SurveyFindings? Findings)> ReadAsync(
        DatasetSource source,
        string outputFolder,
        DatasetOptions options,
        SurveyFindings? found,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        var tally = new RowTally(source.Name);
        await using var stream = new SourceStream(await source.OpenAsync(cancellationToken), source.Name, source.Length);
        try
        {
            await using ReadAheadContent content = await CsvContentOpener.OpenAsync(source, stream, cancellationToken);
            tally.File = content.FileName;
            StatedFacts stated = await ReadSidecarAsync(source, content, cancellationToken);
            RowConventions conventions = found?.Conventions ?? stated.Conventions;
            using DatasetReader rows = await DatasetReader.OpenAsync(
                content, options.Frame ?? stated.Frame, stated.Group, conventions, images: null, cancellationToken);
            tally.Start(rows.Columns, conventions, options.Mirror ?? stated.Mirror);
            await using var writer = new PreparedDatasetWriter(outputFolder, rows.Columns.Keypoints.Count);
            using var fingerprint = new DatasetFingerprint();
            await KeepRowsAsync(rows, new RowKeeper(writer, fingerprint, tally, options.ErasedGroups), ReportProgress, cancellationToken);
            tally.NoteBlankLines(rows.BlankLines);
            foreach (string guess in rows.Guesses)
                tally.NoteGuess(guess);
            SurveyFindings findings = found ?? rows.Values.Survey.Find(conventions, tally.File, tally.Sidecar);
            if (found is null && findings.AreOther)
                return (null, findings);
            tally.NoteFindings(findings);
            tally.ThrowIfUnusable(options.MaximumBadShare);

            FrameSize frame = rows.Values.Frame!;
            var schema = new KeypointSchema(rows.Columns.Keypoints, frame.Width, frame.Height, tally.FindMirror());
            var manifest = new DatasetManifest(
                fingerprint.ToId(schema), schema, tally.Accepted, tally.Labels, tally.Complete, source.Name, source.ETag, clock.GetUtcNow());
            await writer.CompleteAsync(manifest, cancellationToken);
            return (new PreparationOutcome(tally.ToReport(manifest.DatasetId, rejection: null), manifest), null);
        }
        catch (RejectedFileException e)
        {
            return (new PreparationOutcome(tally.ToReport(datasetId: null, e.Message), Manifest: null), null);
        }

        void ReportProgress(long row) => progress?.Report(new PreparationProgress(stream.BytesRead, source.Length, row));
    }

    private static async Task<StatedFacts> ReadSidecarAsync(DatasetSource source, ReadAheadContent content, CancellationToken cancellationToken)
    {
        SidecarFile? beside = source.FindSidecarAsync is { } find ? await find(cancellationToken) : null;
        return (beside ?? content.Sidecar) is SidecarFile sidecar ? StatedFacts.Parse(sidecar) : new StatedFacts();
    }

    /// <summary>Reads rows. Processes each batch while the next batch is read.</summary>
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
            // Also if reading failed: the report covers every row that was read, and writing must end before the writer is disposed.
            await keeping;
            await keeper.KeepAsync(batch, cancellationToken);
        }

        Task KeepInBackground(RowBatch full) => Task.Run(() => keeper.KeepAsync(full, cancellationToken), cancellationToken);
    }
}
