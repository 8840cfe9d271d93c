namespace KeypointPipeline.Formats;

/// <summary>Limits of dropped files and their rows. They keep memory and disk bounded, whatever is dropped. No honest dataset should
/// reach a limit.</summary>
public static class DatasetLimits
{
    /// <summary>The maximum length of a row in bytes: twice what 1,024 × 1,024 pixels need as text. A longer row is a bad row.</summary>
    public const int RowBytes = 8 * 1024 * 1024;

    /// <summary>The maximum number of rows in a file. Finding duplicates takes 40 to 80 bytes of memory per row. No other memory
    /// grows with the file.</summary>
    public const int Rows = 2_000_000;

    /// <summary>The maximum number of columns in a header: those of a frame of 512 × 512 with one column per pixel, and 4,096 others.</summary>
    public const int Columns = (512 * 512) + 4_096;

    /// <summary>The maximum length of a column's name in characters. Every message about a bad row repeats the name.</summary>
    public const int ColumnNameLength = 1_000;

    /// <summary>The maximum number of different keypoints where rows name theirs. More distinct names are texts, not names.</summary>
    public const int Keypoints = 4_096;

    /// <summary>The maximum number of lines that one row's quoted fields may span. A quote that is still open afterwards is treated as
    /// a stray character.</summary>
    public const int LinesPerRow = 32;

    /// <summary>The same for quoted fields that begin with a bracket. NumPy prints 18 pixels on a line: 512 lines at 96 × 96.</summary>
    public const int LinesPerList = 16_384;

    /// <summary>The maximum distance of a coordinate outside the frame, as a share of the frame's side. Annotators place points of
    /// cropped faces a little outside. A coordinate farther out has another unit or is a mistake; its row is a bad row.</summary>
    public const double OutsideFrameShare = 0.1;

    /// <summary>The number of bad rows that a report describes one by one. It counts all of them.</summary>
    public const int ProblemsInDetail = 100;
}
