using System.Buffers.Binary;
using System.Security.Cryptography;
using KeypointPipeline.Datasets.Parsing;
using KeypointPipeline.Datasets.Unpacking;
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
    /// <param name="cancellation">Stops it; nothing is left behind.</param>
    /// <returns>The dataset, or why the file cannot be used: a bad file is an outcome, not an exception.</returns>
    /// <exception cref="IOException">The source could not be read to its end, or the output not be written: worth another try.</exception>
    public async Task<PreparationOutcome> PrepareAsync(
        DatasetSource source,
        string outputFolder,
        DatasetOptions options,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumBadShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaximumBadShare, 1);
        var tally = new RowTally(source.Name);
        await using var stream = new SourceStream(await source.OpenAsync(cancellation), source);
        try
        {
            await using CsvContent content = await CsvContentOpener.OpenAsync(source, stream, cancellation);
            tally.File = content.FileName;
            using DatasetReader rows = await DatasetReader.OpenAsync(content, options.Frame, cancellation);
            tally.Start(rows.Columns);
            await using var writer = new PreparedDatasetWriter(outputFolder, rows.Columns.Keypoints.Count);
            using var fingerprint = new DatasetFingerprint();
            await CopyRowsAsync(rows, writer, fingerprint, tally, ReportProgress, cancellation);
            tally.NoteBlankLines(rows.BlankLines);
            tally.ThrowIfUnusable(options.MaximumBadShare);

            FrameSize frame = rows.Values.Frame!;
            var schema = new KeypointSchema(rows.Columns.Keypoints, frame.Width, frame.Height);
            var manifest = new DatasetManifest(
                fingerprint.ToId(schema), schema, tally.Accepted, tally.Labels, tally.Complete, source.Name, source.ETag, clock.GetUtcNow());
            await writer.CompleteAsync(manifest, cancellation);
            return new PreparationOutcome(tally.ToReport(manifest.DatasetId, rejection: null), manifest);
        }
        catch (RejectedFileException e)
        {
            return new PreparationOutcome(tally.ToReport(datasetId: null, e.Message), Manifest: null);
        }

        void ReportProgress(long row) => progress?.Report(new PreparationProgress(stream.BytesRead, source.Length, row));
    }

    private static async Task CopyRowsAsync(
        DatasetReader rows,
        PreparedDatasetWriter writer,
        DatasetFingerprint fingerprint,
        RowTally tally,
        Action<long> reportProgress,
        CancellationToken cancellation)
    {
        var earlier = new DuplicateRows();
        byte[] imageDigest = new byte[SHA256.HashSizeInBytes];
        while (await rows.ReadAsync(cancellation))
        {
            if (rows.Row % RowsPerProgress == 0)
                reportProgress(rows.Row);
            RowParser values = rows.Values;
            if (rows.Fault is not null)
            {
                tally.AddBad(rows.Row, rows.Line, rows.Fault);
                continue;
            }

            if (values.LabelCount == 0)
            {
                tally.AddUnlabelled(rows.Row);
                continue;
            }

            SHA256.HashData(values.Pixels.Span, imageDigest);
            RowRepetition repetition = earlier.Add(imageDigest, values.Coordinates);
            if (repetition == RowRepetition.SameRow)
            {
                tally.AddDuplicate(rows.Row);
                continue;
            }

            ulong splitKey = SplitKey(rows.Group, imageDigest);
            fingerprint.Add(imageDigest, values.Coordinates, splitKey);
            await writer.AddAsync(values.Pixels, values.Coordinates, (uint)rows.Row, splitKey, cancellation);
            tally.AddGood(rows.Row, values, repetition);
        }
    }

    /// <summary>See <see cref="PreparedDatasetFiles.SplitKeys"/>: 64 bits of the SHA-256 of the group, else of the image.</summary>
    private static ulong SplitKey(ReadOnlySpan<byte> group, ReadOnlySpan<byte> imageDigest)
    {
        if (group.IsEmpty)
            return BinaryPrimitives.ReadUInt64LittleEndian(imageDigest);
        Span<byte> groupDigest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(group, groupDigest);
        return BinaryPrimitives.ReadUInt64LittleEndian(groupDigest);
    }
}
