using System.IO.Hashing;
using KeypointPipeline.Datasets.Pictures;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Formats.PixelCsv;

namespace KeypointPipeline.Datasets;

/// <summary>Counts the rows that were read and writes the good ones, one batch at a time and in order. Leaves out bad rows, rows
/// of erased groups, rows without labels and duplicates.</summary>
/// <param name="writer">Writes the good rows.</param>
/// <param name="fingerprint">Hashes the good rows.</param>
/// <param name="tally">Counts all rows.</param>
/// <param name="erasedGroups">Hashes of the groups whose rows are left out.</param>
internal sealed class RowKeeper(PreparedDatasetWriter writer, DatasetFingerprint fingerprint, RowTally tally, IReadOnlySet<ulong> erasedGroups)
{
    private readonly DuplicateRows _earlier = new();

    /// <summary>Counts the rows of a batch and writes the good ones.</summary>
    /// <exception cref="IOException">The output could not be written.</exception>
    public async Task KeepAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Frame is not null)
            tally.NoteFrame(batch.Frame);
        foreach (ReadRow row in batch.Rows)
        {
            if (row.Fault is not null)
                tally.AddBad(row.Row, row.Line, row.Fault);
            else if (row.GroupKey is ulong group && erasedGroups.Contains(group))
                tally.AddErased();
            else
                await KeepGoodAsync(row, batch, cancellationToken);
        }
    }

    /// <summary>Counts an instance of a picture and writes it if it is good.</summary>
    /// <exception cref="IOException">The output could not be written.</exception>
    public async ValueTask KeepAsync(FramedInstance instance, CancellationToken cancellationToken)
    {
        ReadRow row = instance.Row;
        if (row.GroupKey is ulong group && erasedGroups.Contains(group))
            tally.AddErased();
        else if (row.Fault is not null)
            tally.AddBad(row.Row, line: null, instance.Place, row.Fault);
        else if (instance.IsPrediction)
            tally.AddPrediction(row.Row);
        else if (instance.Framed is null)
            AddUnlabelled(row);
        else
            await KeepAsync(row, instance.Pixels, instance.Coordinates, (instance.PictureHash, instance.Framed), cancellationToken);
    }

    private async ValueTask KeepGoodAsync(ReadRow row, RowBatch batch, CancellationToken cancellationToken)
    {
        if (row.LabelCount == 0)
            AddUnlabelled(row);
        else
            await KeepAsync(row, batch.Pixels(row), batch.Coordinates(row), picture: null, cancellationToken);
    }

    private void AddUnlabelled(ReadRow row)
    {
        tally.AddMarks(row);
        tally.AddUnlabelled(row.Row);
    }

    private async ValueTask KeepAsync(
        ReadRow row,
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<float> coordinates,
        (UInt128 Hash, FramedRow Row)? picture,
        CancellationToken cancellationToken)
    {
        tally.AddMarks(row);
        // A fast hash is enough: it need not resist attackers, because people who may drop files may drop any rows.
        UInt128 imageHash = XxHash128.HashToUInt128(pixels.Span);
        RowRepetition repetition = _earlier.Add(imageHash, coordinates.Span);
        if (repetition == RowRepetition.SameRow)
        {
            tally.AddDuplicate(row.Row);
            return;
        }

        // See PreparedDatasetFiles.SplitKeys.
        UInt128 pictureHash = picture?.Hash ?? imageHash;
        ulong splitKey = row.GroupKey ?? (ulong)pictureHash;
        ulong imageKey = ImageKey.Of(pixels.Span, pictureHash);
        fingerprint.Add(imageHash, coordinates.Span, splitKey);
        if (picture is not null)
            fingerprint.Add(imageKey, picture.Value.Row);
        await writer.AddAsync(pixels, coordinates, (uint)row.Row, splitKey, imageKey, picture?.Row, cancellationToken);
        tally.AddGood(row, coordinates.Span, repetition);
    }
}
