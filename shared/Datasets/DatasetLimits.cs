namespace KeypointPipeline.Datasets;

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

    /// <summary>Most files in a zip.</summary>
    public const int ZipEntries = 1_000;

    /// <summary>Most bytes read to list a zip's files.</summary>
    public const int ZipDirectoryBytes = 4 * 1024 * 1024;

    /// <summary>A compressed file may unpack to this many bytes whatever its ratio.</summary>
    public const long FreelyUnpackedBytes = 64L * 1024 * 1024;

    /// <summary>Beyond <see cref="FreelyUnpackedBytes"/>, the most bytes unpacked per byte read. Kaggle's file has 4; deflate
    /// can reach 1,032, which only a zip bomb does for long.</summary>
    public const int UnpackedPerByte = 200;

    /// <summary>How far outside the frame a coordinate may lie, as a share of the frame's side: annotators place points of
    /// cropped faces a little outside. Farther out is another unit or a mistake, and a bad row.</summary>
    public const double OutsideFrameShare = 0.1;

    /// <summary>Bad rows that a report describes one by one; all of them are counted.</summary>
    public const int ProblemsInDetail = 100;
}
