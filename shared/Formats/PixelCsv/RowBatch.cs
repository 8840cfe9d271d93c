using System.Runtime.InteropServices;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>A batch of rows that were read but not yet written, in order, good and bad. Batches are reused, so that rows allocate no
/// memory.</summary>
/// <param name="keypoints">Number of keypoints, K.</param>
internal sealed class RowBatch(int keypoints)
{
    private const int LargestBytes = 1024 * 1024;
    private const int LargestRows = 1024;

    private readonly List<ReadRow> _rows = [];
    private byte[] _pixels = [];
    private float[] _coordinates = [];
    private int _good;

    /// <summary>The rows of the batch, in the order of the file.</summary>
    public IReadOnlyList<ReadRow> Rows => _rows;

    /// <summary>Frame size of the good rows, or null before the first good row.</summary>
    public FrameSize? Frame { get; private set; }

    /// <summary>Gets whether the batch is full: no more rows should be added.</summary>
    public bool IsFull => _rows.Count >= LargestRows || _good * (long)(Frame?.Pixels ?? 0) >= LargestBytes;

    /// <summary>Adds the reader's current row.</summary>
    public void Add(DatasetReader reader)
    {
        if (reader.Fault is not null)
        {
            _rows.Add(new ReadRow(reader.Row, reader.Line, Fault: reader.Fault));
            return;
        }

        RowParser values = reader.Values;
        Frame = values.Frame;
        Append(values.Pixels.Span, ref _pixels);
        Append(values.Coordinates, ref _coordinates);
        _rows.Add(new ReadRow(
            reader.Row,
            reader.Line,
            Index: _good,
            GroupKey: reader.GroupKey,
            LabelCount: values.LabelCount,
            HalfLabel: values.HalfLabel,
            OutsideLabel: values.OutsideLabel,
            Marked: values.Marked));
        _good++;
    }

    /// <summary>Returns a good row's pixels, H·W.</summary>
    public ReadOnlyMemory<byte> Pixels(ReadRow row) => _pixels.AsMemory(row.Index * Frame!.Pixels, Frame.Pixels);

    /// <summary>Returns a good row's coordinates, K·2. Both are NaN if a label is missing.</summary>
    public ReadOnlyMemory<float> Coordinates(ReadRow row) => _coordinates.AsMemory(row.Index * keypoints * 2, keypoints * 2);

    /// <summary>Removes all rows, but keeps the buffers for the next ones.</summary>
    public void Clear()
    {
        _rows.Clear();
        _good = 0;
    }

    private void Append<T>(ReadOnlySpan<T> values, ref T[] all)
    {
        int start = _good * values.Length;
        if (all.Length < start + values.Length)
            Array.Resize(ref all, Math.Max(2 * all.Length, start + values.Length));
        values.CopyTo(all.AsSpan(start));
    }
}

/// <summary>A row as it was read.</summary>
/// <param name="Row">Number of the row. 1 is the first row below the header.</param>
/// <param name="Line">The physical line on which the row starts.</param>
/// <param name="Fault">The row's fault, or null for a good row. Only a good row has the values that follow.</param>
/// <param name="Index">Index among the good rows of its batch.</param>
/// <param name="GroupKey">Split key of the row's group, or null if it has no group.</param>
/// <param name="LabelCount">Number of labelled keypoints.</param>
/// <param name="HalfLabel">Index of the first keypoint with only one coordinate, or -1.</param>
/// <param name="OutsideLabel">Index of the first keypoint a little outside the frame, or -1.</param>
/// <param name="Marked">Points at missing marks.</param>
/// <param name="Lost">Points far outside the row's frame, which count as missing.</param>
internal readonly record struct ReadRow(
    long Row, long Line, RowFault? Fault = null, int Index = -1, ulong? GroupKey = null, int LabelCount = 0, int HalfLabel = -1, int OutsideLabel = -1,
    MarkedPoints Marked = default, LostPoints Lost = default);

/// <summary>Points of a picture that lie far outside the frame of their instance.</summary>
/// <param name="Points">Number of such points.</param>
/// <param name="First">Index of the first such keypoint.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LostPoints(int Points, int First);
