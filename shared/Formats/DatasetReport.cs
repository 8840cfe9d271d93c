using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats;

/// <summary><c>reports/{datasetId}.json</c>: what became of every row of a dropped file.</summary>
public sealed record DatasetReport
{
    /// <summary>The file as dropped: path or blob name.</summary>
    public required string Source { get; init; }

    /// <summary>The CSV that row messages name: the source's own name, or that of the file inside a zip.</summary>
    public required string File { get; init; }

    /// <summary>Why the file was refused; null where it was accepted.</summary>
    public string? Rejection { get; init; }

    /// <summary>Id of the prepared dataset; null where the file was refused.</summary>
    public string? DatasetId { get; init; }

    /// <summary>The frame; null where no row told it.</summary>
    public FrameSize? Frame { get; init; }

    /// <summary>Rows below the header, blank lines not counted: the sum of the four that follow.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows that are in the prepared dataset (or would be, had the file not been refused).</summary>
    public int RowsAccepted { get; init; }

    /// <summary>Bad rows.</summary>
    public long RowsRejected { get; init; }

    /// <summary>Rows left out because an earlier row has the same image and labels.</summary>
    public long Duplicates { get; init; }

    /// <summary>Rows left out because they carry no label.</summary>
    public long Unlabelled { get; init; }

    /// <summary>Accepted rows with every keypoint labelled.</summary>
    public int CompleteRows { get; init; }

    /// <summary>Labels per keypoint, in header order.</summary>
    public IReadOnlyList<KeypointLabels> Labels { get; init; } = [];

    /// <summary>Bad rows by kind, the most frequent first.</summary>
    public IReadOnlyList<RowProblemCount> RejectedByKind { get; init; } = [];

    /// <summary>The first <see cref="DatasetLimits.ProblemsInDetail"/> bad rows.</summary>
    public IReadOnlyList<RowProblem> Problems { get; init; } = [];

    /// <summary>What else a person should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How often a keypoint is labelled.</summary>
/// <param name="Keypoint">Its name.</param>
/// <param name="Labels">Accepted rows with both its coordinates.</param>
public sealed record KeypointLabels(string Keypoint, int Labels);

/// <summary>How many rows were bad in one way.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Rows">How many.</param>
public sealed record RowProblemCount(RowProblemKind Kind, long Rows);

/// <summary>A bad row: the first thing found wrong with it.</summary>
/// <param name="Row">1 is the first row below the header; blank lines do not count.</param>
/// <param name="Line">Physical line, where it is not the row's number plus one; 1 is the file's first.</param>
/// <param name="Column">The column's name, or null where the row as a whole is wrong.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">The same in words, with file, row and column.</param>
public sealed record RowProblem(long Row, long? Line, string? Column, RowProblemKind Kind, string Message);

/// <summary>What can be wrong with a row.</summary>
public enum RowProblemKind
{
    /// <summary>More or fewer columns than the header.</summary>
    ColumnCount,

    /// <summary>Longer than <see cref="DatasetLimits.RowBytes"/>.</summary>
    RowLength,

    /// <summary>A quote that is never closed, or text after a closing quote.</summary>
    Quotes,

    /// <summary>A coordinate that is no number.</summary>
    NotANumber,

    /// <summary>A coordinate with a decimal comma.</summary>
    DecimalComma,

    /// <summary>An infinite coordinate.</summary>
    Infinite,

    /// <summary>A coordinate far outside the frame.</summary>
    OutsideFrame,

    /// <summary>Too many or too few pixels.</summary>
    PixelCount,

    /// <summary>A pixel that is not a whole number from 0 to 255.</summary>
    PixelValue,
}
