namespace KeypointPipeline.Formats;

/// <summary>How far a dropped file may go before it, or a row of it, is refused. They keep memory and disk bounded whatever is
/// dropped; no honest dataset should meet one.</summary>
public static class DatasetLimits
{
    /// <summary>Longest row, bytes: twice what 1,024 × 1,024 pixels written as text need. A longer one is a bad row.</summary>
    public const int RowBytes = 8 * 1024 * 1024;

    /// <summary>Most rows in a file. Finding duplicates costs 40 to 80 bytes of memory a row, the only thing that grows.</summary>
    public const int Rows = 2_000_000;

    /// <summary>Most columns in a header.</summary>
    public const int Columns = 4_096;

    /// <summary>Longest name of a column, characters: every report of a bad row repeats it.</summary>
    public const int ColumnNameLength = 1_000;

    /// <summary>Most lines that one row's quoted fields may run over; a quote still open after them was never meant to be one.</summary>
    public const int LinesPerRow = 32;

    /// <summary>How far outside the frame a coordinate may lie, as a share of the frame's side: annotators place points of
    /// cropped faces a little outside. Farther out is another unit or a mistake, and a bad row.</summary>
    public const double OutsideFrameShare = 0.1;

    /// <summary>Bad rows that a report describes one by one; all of them are counted.</summary>
    public const int ProblemsInDetail = 100;
}
