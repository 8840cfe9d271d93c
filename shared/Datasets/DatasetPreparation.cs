using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Datasets.Pictures;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets;

/// <summary>Prepares labelled files: reads a table, a zip or a folder as a stream, and writes the good rows as a prepared dataset
/// (<see cref="PreparedDatasetFiles"/>).</summary>
/// <remarks>Memory grows with the file only for the hashes that find duplicates. <c>Formats/PixelCsv/README.md</c> describes the
/// formats and how every kind of flaw is handled.</remarks>
/// <param name="clock">Gives the time that manifests record.</param>
public sealed class DatasetPreparation(TimeProvider clock)
{
    private const int RowsPerProgress = 100;

    /// <summary>Prepares a file. Preparing it again gives the same dataset with the same id.</summary>
    /// <param name="source">The file to prepare.</param>
    /// <param name="output">Receives the dataset. If the file is refused or preparation fails, it receives nothing.</param>
    /// <param name="options">Options for this file.</param>
    /// <param name="progress">Receives a report after every 100 rows. Can be null.</param>
    /// <param name="cancellationToken">Stops the preparation. Unfinished files are deleted.</param>
    /// <returns>The dataset, or the reason why the file is refused: a bad file is an outcome, not an exception.</returns>
    /// <exception cref="IOException">The source could not be read to its end, or the output could not be written. Retry.</exception>
    public async Task<PreparationOutcome> PrepareAsync(
        DatasetSource source,
        PreparedOutput output,
        DatasetOptions options,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        FileSet? zip = null;
        try
        {
            var dropped = new DroppedLabels(source.Name, source.ETag, source.FindSidecarAsync);
            return await PrepareAsync(dropped, FindLabelsAsync, output, options, progress, cancellationToken);
        }
        finally
        {
            if (zip is not null)
                await zip.DisposeAsync();
        }

        async Task<SetLabels> FindLabelsAsync()
        {
            (SetLabels labels, zip) = await LabelledFile.FindAsync(source, cancellationToken);
            return labels;
        }
    }

    /// <summary>Prepares a set of files, for example a folder. The same files in a zip give the same dataset.</summary>
    /// <param name="set">The files.</param>
    /// <param name="name">Path or blob name of the set.</param>
    /// <param name="etag">ETag of the set's marker, or null for a folder of this machine.</param>
    /// <param name="output">As for a file, like the following parameters.</param>
    /// <param name="options">Options.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <inheritdoc cref="PrepareAsync(DatasetSource, PreparedOutput, DatasetOptions, IProgress{PreparationProgress}?, CancellationToken)" path="/returns"/>
    /// <exception cref="IOException">A file could not be read to its end, or the output could not be written. Retry.</exception>
    public Task<PreparationOutcome> PrepareAsync(
        FileSet set,
        string name,
        string? etag,
        PreparedOutput output,
        DatasetOptions options,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        return PrepareAsync(new DroppedLabels(name, etag, FindSidecarAsync: null) { IsSet = true }, () => LabelledSet.FindAsync(set, cancellationToken), output, options, progress, cancellationToken);
    }

    /// <summary>Prepares a file or folder of this machine.</summary>
    /// <param name="path">Path of the file or folder.</param>
    /// <param name="outputFolder">Folder of the dataset (<see cref="PreparedFolder"/>).</param>
    /// <param name="options">Options.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <inheritdoc cref="PrepareAsync(DatasetSource, PreparedOutput, DatasetOptions, IProgress{PreparationProgress}?, CancellationToken)" path="/returns"/>
    /// <exception cref="InvalidDataException">There is no file or folder at that path.</exception>
    /// <exception cref="IOException">A file could not be read to its end, or the output could not be written. Retry.</exception>
    public async Task<PreparationOutcome> PrepareLocalAsync(
        string path, string outputFolder, DatasetOptions options, IProgress<PreparationProgress>? progress, CancellationToken cancellationToken)
    {
        var output = new PreparedFolder(outputFolder);
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new InvalidDataException($"There is no file or folder {path}.");
        PictureLabels? labels = null;
        try
        {
            if (Directory.Exists(path))
            {
                await using FolderFileSet folder = FolderFileSet.Open(path);
                return await PrepareAsync(
                    new DroppedLabels(folder.Name, ETag: null, FindSidecarAsync: null) { IsSet = true },
                    () => LabelledSet.FindAsync(folder, cancellationToken, async () => labels = await LocalLabels.FindBesideAsync(path, cancellationToken)),
                    output,
                    options,
                    progress,
                    cancellationToken);
            }

            labels = FileNames.IsZip(path) ? null : await LocalLabels.FindInFileAsync(path, cancellationToken);
            return labels is null
                ? await PrepareAsync(DatasetSource.FromFile(path), output, options, progress, cancellationToken)
                : await PrepareAsync(
                    new DroppedLabels(Path.GetFileName(path), ETag: null, FindSidecarAsync: null), () => Task.FromResult<SetLabels>(labels), output, options, progress, cancellationToken);
        }
        finally
        {
            if (labels is not null)
                await labels.Set.DisposeAsync();
        }
    }

    private async Task<PreparationOutcome> PrepareAsync(
        DroppedLabels dropped,
        Func<Task<SetLabels>> findLabelsAsync,
        PreparedOutput output,
        DatasetOptions options,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumBadShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaximumBadShare, 1);
        SetLabels labels;
        RowImages? images = null;
        try
        {
            labels = await findLabelsAsync();
            if (labels is LabelledTable { OpenImagesAsync: { } open })
                images = await open(cancellationToken);
        }
        catch (RejectedFileException e)
        {
            return new PreparationOutcome(dropped.StartTally().ToReport(datasetId: null, e.Message), Manifest: null);
        }

        if (labels is PictureLabels pictures)
            return await new PicturePreparation(clock).PrepareAsync(dropped, pictures, output, options, progress, cancellationToken);
        var table = (LabelledTable)labels;

        // Most files are read once. What a survey of all rows finds, such as missing marks, can only be applied by reading them again.
        SurveyFindings? findings = null;
        while (true)
        {
            (PreparationOutcome? outcome, findings) = await ReadAsync(dropped, table, images, output, options, findings, progress, cancellationToken);
            if (outcome is not null)
                return outcome;
        }
    }

    /// <summary>Reads a table once.</summary>
    /// <param name="dropped">What was dropped.</param>
    /// <param name="table">The table in it.</param>
    /// <param name="images">The images beside the table, or null if they are in it.</param>
    /// <param name="output">Receives the dataset.</param>
    /// <param name="options">Options for this file.</param>
    /// <param name="found">What the survey of an earlier read found, or null for the first read.</param>
    /// <param name="progress">Receives a report after every 100 rows.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <returns>The outcome, or null and what the survey found if the file must be read again.</returns>
    private async Task<(PreparationOutcome? Outcome, SurveyFindings? Findings)> ReadAsync(
        DroppedLabels dropped,
        LabelledTable table,
        RowImages? images,
        PreparedOutput output,
        DatasetOptions options,
        SurveyFindings? found,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        RowTally tally = dropped.StartTally();
        try
        {
            await using PixelReading reading = await PixelReading.OpenAsync(table.Source, cancellationToken);
            tally.File = reading.FileName;
            StatedFacts stated = await reading.ReadSidecarAsync(dropped.FindSidecarAsync, cancellationToken);
            RowConventions conventions = found?.Conventions ?? stated.Conventions;
            DatasetReader rows = await reading.ReadHeaderAsync(options.Frame ?? stated.Frame, stated.Group, conventions, images, cancellationToken);
            tally.Start(rows.Columns, conventions, options.Mirror ?? stated.Mirror);
            if (images?.Guess is string axes)
                tally.NoteGuess(axes);
            await using PreparedDatasetWriter writer = output.Start(rows.Columns.Keypoints.Count, ofPictures: false);
            using var fingerprint = new DatasetFingerprint();
            await KeepRowsAsync(
                rows,
                new RowKeeper(writer, fingerprint, tally, options.ErasedGroups),
                row => progress?.Report(new PreparationProgress(reading.Stream.BytesRead, table.Source.Length, row)),
                cancellationToken);
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
                fingerprint.ToId(schema, framing: null), schema, tally.Accepted, tally.Labels, tally.Complete, dropped.Name, dropped.ETag, clock.GetUtcNow());
            await writer.CompleteAsync(manifest, cancellationToken);
            return (new PreparationOutcome(tally.ToReport(manifest.DatasetId, rejection: null), manifest), null);
        }
        catch (RejectedFileException e)
        {
            return (new PreparationOutcome(tally.ToReport(datasetId: null, e.Message), Manifest: null), null);
        }
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
