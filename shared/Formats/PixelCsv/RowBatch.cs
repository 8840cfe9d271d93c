using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Rows that were read and not yet kept, in order, good ones and bad; used again and again, so that rows cost no memory.</summary>
/// <param name="keypoints">Number of keypoints, K.</param>
internal sealed class RowBatch(int keypoints)
{
    private const int LargestBytes = 1024 * 1024;
    private const int LargestRows = 1024;

    private readonly List<ReadRow> _rows = [];
    private byte[] _pixels = [];
    private float[] _coordinates = [];
    private int _good;

    /// <summary>What was read.</summary>
    public IReadOnlyList<ReadRow> Rows => _rows;

    /// <summary>The good rows' frame; null before the first.</summary>
    public FrameSize? Frame { get; private set; }

    /// <summary>Whether no more should be added.</summary>
    public bool IsFull => _rows.Count >= LargestRows || _good * (long)(Frame?.Pixels ?? 0) >= LargestBytes;

    /// <summary>Adds the row that the reader stands on.</summary>
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
            reader.Row, reader.Line, Index: _good, GroupKey: reader.GroupKey, LabelCount: values.LabelCount, HalfLabel: values.HalfLabel, OutsideLabel: values.OutsideLabel));
        _good++;
    }

    /// <summary>A good row's pixels, H·W.</summary>
    public ReadOnlyMemory<byte> Pixels(ReadRow row) => _pixels.AsMemory(row.Index * Frame!.Pixels, Frame.Pixels);

    /// <summary>A good row's coordinates, K·2; both NaN where a label is missing.</summary>
    public ReadOnlyMemory<float> Coordinates(ReadRow row) => _coordinates.AsMemory(row.Index * keypoints * 2, keypoints * 2);

    /// <summary>Makes room for other rows.</summary>
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
/// <param name="Row">Its number; 1 is the first below the header.</param>
/// <param name="Line">The physical line that it starts on.</param>
/// <param name="Fault">What is wrong with it; null for a good row, and only that has what follows.</param>
/// <param name="Index">Its place among its batch's good rows.</param>
/// <param name="GroupKey">The split key that its group gives it, or null where it has no group.</param>
/// <param name="LabelCount">Its labelled keypoints.</param>
/// <param name="HalfLabel">The first keypoint of which only one coordinate was there, or -1.</param>
/// <param name="OutsideLabel">The first keypoint a little outside the frame, or -1.</param>
internal readonly record struct ReadRow(
    long Row, long Line, RowFault? Fault = null, int Index = -1, ulong? GroupKey = null, int LabelCount = 0, int HalfLabel = -1, int OutsideLabel = -1);
