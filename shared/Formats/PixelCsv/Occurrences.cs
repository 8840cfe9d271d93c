namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>How many rows something happened in, and the first of them.</summary>
internal sealed class Occurrences
{
    private string _first = string.Empty;

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="keypoint">The keypoint it happened to, or null.</param>
    public void Add(long row, string? keypoint = null)
    {
        if (Count++ == 0)
            _first = keypoint is null ? $"row {row:N0}" : $"row {row:N0}, {keypoint}";
    }

    /// <summary>Such as <c>3 (first: row 12, nose_tip)</c>.</summary>
    public override string ToString() => $"{Count:N0} (first: {_first})";
}
