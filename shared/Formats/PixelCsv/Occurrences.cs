namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Counts the rows in which something occurred, and remembers the first.</summary>
internal sealed class Occurrences
{
    private string _first = string.Empty;

    /// <summary>Number of rows counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a row.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="keypoint">The keypoint concerned, or null for the whole row.</param>
    public void Add(long row, string? keypoint = null)
    {
        if (Count++ == 0)
            _first = keypoint is null ? $"row {row:N0}" : $"row {row:N0}, {keypoint}";
    }

    /// <summary>Describes the count, for example <c>3 (first: row 12, nose_tip)</c>.</summary>
    public override string ToString() => $"{Count:N0} (first: {_first})";
}
