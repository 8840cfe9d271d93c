using System.Runtime.CompilerServices;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>Prepares labels whose pictures are files. The labels are read twice: first alone, to find out how they are written and which
/// framing suits them; then with the pictures. Each picture is read and decoded once, a few side by side, and rows come in the order of the
/// labels. So a folder, a zip and a folder of blobs give the same dataset.</summary>
/// <param name="clock">Gives the time that manifests record.</param>
internal sealed class PicturePreparation(TimeProvider clock)
{
    /// <summary>Pictures that are read or decoded at once.</summary>
    private const int ReadAhead = 8;
    private const int PicturesPerProgress = 100;

    /// <summary>Prepares labels.</summary>
    /// <param name="dropped">What was dropped.</param>
    /// <param name="labels">The labels in it.</param>
    /// <param name="output">Receives the dataset.</param>
    /// <param name="options">Options.</param>
    /// <param name="progress">Receives a report after every 100 pictures. Can be null.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <returns>The dataset, or why the labels are refused.</returns>
    /// <exception cref="IOException">A file could not be read to its end, or the output could not be written. Retry.</exception>
    public async Task<PreparationOutcome> PrepareAsync(
        DroppedLabels dropped,
        PictureLabels labels,
        PreparedOutput output,
        DatasetOptions options,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        RowTally tally = dropped.StartTally();
        try
        {
            SidecarFile? sidecar = dropped.FindSidecarAsync is { } find ? await find(cancellationToken) : null;
            sidecar ??= await labels.FindSidecarAsync(cancellationToken);
            StatedFacts stated = StatedFacts.Of(sidecar);
            await using LabelReader reader = await labels.OpenAsync(stated.Group, cancellationToken);
            tally.File = reader.FileName;
            tally.NoteGuess($"Labels: {labels.Format.Name}.");
            if (labels.Note is string note)
                tally.NoteGuess(note);

            var source = new PictureSource(labels, reader);
            PictureFindings findings = await new PictureSurvey(source, reader, stated, options.ErasedGroups).FindAsync(
                needsFraming: options.Pictures is null, reader.FileName, tally.Sidecar, cancellationToken);
            tally.Start(reader.Keypoints, findings.Labels.Conventions, options.Mirror ?? stated.Mirror ?? reader.Mirror);
            tally.NoteFindings(findings.Labels);
            if (findings.Framing?.Note is string framed)
                tally.NoteGuess(framed);
            FrameSize frame = options.Pictures?.Frame ?? PictureFraming.FrameOf(options.Frame ?? stated.Frame);
            Framing framing = (options.Pictures?.Framing ?? findings.Framing!.Framing).For(reader.Keypoints);
            tally.NoteFrame(frame);
            tally.NoteFraming(framing);

            await using PreparedDatasetWriter writer = output.Start(reader.Keypoints.Count, ofPictures: true);
            using var fingerprint = new DatasetFingerprint();
            using FacePlaces? faces = FacePlaces.Of(framing, new KeypointSchema(reader.Keypoints, frame.Width, frame.Height), FaceDetector.Open);
            var framer = new PictureFramer(
                source, new PictureLabelReading(findings.Labels.Conventions, reader.HasOpenConventions), framing, frame, faces, options.ErasedGroups);
            await KeepAsync(
                FrameAsync(reader, framer, cancellationToken), new RowKeeper(writer, fingerprint, tally, options.ErasedGroups), tally, progress, cancellationToken);
            if (faces?.Fault is string fault)
                tally.NoteWarning($"Faces of instances with one labelled point and no box were not searched. {fault}");
            foreach (string guess in reader.Guesses)
                tally.NoteGuess(guess);
            foreach (string warning in reader.Warnings)
                tally.NoteWarning(warning);
            tally.ThrowIfUnusable(options.MaximumBadShare);

            var schema = new KeypointSchema(reader.Keypoints, frame.Width, frame.Height, tally.FindMirror());
            var manifest = new DatasetManifest(
                fingerprint.ToId(schema, framing), schema, tally.Accepted, tally.Labels, tally.Complete, dropped.Name, dropped.ETag, clock.GetUtcNow(), Framing: framing);
            await writer.CompleteAsync(manifest, cancellationToken);
            return new PreparationOutcome(tally.ToReport(manifest.DatasetId, rejection: null), manifest);
        }
        catch (RejectedFileException e)
        {
            return new PreparationOutcome(tally.ToReport(datasetId: null, e.Message), Manifest: null);
        }
    }

    /// <summary>Frames the pictures side by side and returns them in order.</summary>
    private static async IAsyncEnumerable<(LabelledPicture Labelled, FramedPicture Framed)> FrameAsync(
        LabelReader reader, PictureFramer framer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<(LabelledPicture Labelled, Task<FramedPicture> Framed)>();
        try
        {
            await foreach (LabelledPicture picture in reader.ReadAsync(cancellationToken))
            {
                ahead.Enqueue((picture, Task.Run(() => framer.FrameAsync(picture, stop.Token), stop.Token)));
                if (ahead.Count == ReadAhead)
                    yield return await NextAsync();
            }

            while (ahead.Count > 0)
                yield return await NextAsync();
        }
        finally
        {
            // Their results are no longer needed, but the tasks must have ended.
            await stop.CancelAsync();
            while (ahead.TryDequeue(out (LabelledPicture Labelled, Task<FramedPicture> Framed) left))
                await ((Task)left.Framed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<(LabelledPicture Labelled, FramedPicture Framed)> NextAsync()
        {
            (LabelledPicture labelled, Task<FramedPicture> framed) = ahead.Peek();
            FramedPicture result = await framed;
            ahead.Dequeue();
            return (labelled, result);
        }
    }

    private static async Task KeepAsync(
        IAsyncEnumerable<(LabelledPicture Labelled, FramedPicture Framed)> pictures,
        RowKeeper keeper,
        RowTally tally,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellationToken)
    {
        var numbers = new InstanceNumbers();
        var scaled = new Occurrences();
        var turned = new Occurrences();
        var found = new Occurrences();
        long count = 0;
        long bytes = 0;
        long rows = 0;
        await foreach ((LabelledPicture labelled, FramedPicture framed) in pictures.WithCancellation(cancellationToken))
        {
            tally.AddPicture();
            for (int i = 0; i < framed.Instances.Count; i++)
            {
                FramedInstance instance = framed.Instances[i];
                if (instance.Framed is not null)
                    instance = instance with { Framed = instance.Framed with { Instance = numbers.Next(instance.PictureHash, labelled.Instances[i].Id) } };
                if (instance.IsFoundFace)
                    found.Add(instance.Row.Row);
                await keeper.KeepAsync(instance, cancellationToken);
            }

            if (framed.Fit is SizeFit.Scaled or SizeFit.Turned)
                (framed.Fit == SizeFit.Scaled ? scaled : turned).Add(labelled.Instances[0].Row);
            rows += framed.Instances.Count;
            bytes += framed.Bytes;
            if (++count % PicturesPerProgress == 0)
                progress?.Report(new PreparationProgress(bytes, TotalBytes: null, rows));
        }

        if (found.Count > 0)
            tally.NoteGuess($"Instances with one labelled point and no box: {found}. Their frames are those of the found faces that contain the point.");
        if (scaled.Count > 0)
            tally.NoteGuess($"Pictures of another size than the labels state, but of the same shape: {scaled}. Their labels are scaled.");
        if (turned.Count > 0)
            tally.NoteGuess($"Pictures that their EXIF orientation turns, with labels on the stored picture: {turned}. The labels are turned too.");
    }
}
