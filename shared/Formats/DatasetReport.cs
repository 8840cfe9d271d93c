using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats;

/// <summary>The outcome of every row of a dropped file. Stored as <c>reports/{datasetId}.json</c>.</summary>
public sealed record DatasetReport
{
    /// <summary>Path or blob name of the dropped file.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the CSV in messages about rows: the name of the source, or of the file inside a zip.</summary>
    public required string File { get; init; }

    /// <summary>Why the file was refused, or null if it was accepted.</summary>
    public string? Rejection { get; init; }

    /// <summary>Id of the prepared dataset, or null if the file was refused.</summary>
    public string? DatasetId { get; init; }

    /// <summary>The frame size, or null if neither the options, the header nor a row states it.</summary>
    public FrameSize? Frame { get; init; }

    /// <summary>Number of rows below the header, without blank lines. The sum of the next five counts and of
    /// <see cref="Predictions"/>. Of labels whose pictures are files, the number of labelled instances.</summary>
    public long RowsIn { get; init; }

    /// <summary>Number of rows in the prepared dataset. If the file was refused, the number of rows that were good.</summary>
    public int RowsAccepted { get; init; }

    /// <summary>Number of bad rows.</summary>
    public long RowsRejected { get; init; }

    /// <summary>Number of rows left out because an earlier row has the same image and labels.</summary>
    public long Duplicates { get; init; }

    /// <summary>Number of rows left out because they have no label.</summary>
    public long Unlabelled { get; init; }

    /// <summary>Number of rows left out because their group was erased.</summary>
    public long Erased { get; init; }

    /// <summary>Number of rows left out because they are predictions that nobody changed or confirmed.</summary>
    public long Predictions { get; init; }

    /// <summary>Number of labelled pictures, if the pictures are files; otherwise null.</summary>
    public long? Pictures { get; init; }

    /// <summary>How instances of the pictures became frames; null if the rows' pixels are the frames.</summary>
    public Framing? Framing { get; init; }

    /// <summary>Number of accepted rows with every keypoint labelled.</summary>
    public int CompleteRows { get; init; }

    /// <summary>Number of labels per keypoint, in header order.</summary>
    public IReadOnlyList<KeypointLabels> Labels { get; init; } = [];

    /// <summary>The mirror pairs and where they come from, or null if the file was refused before they were known.</summary>
    public MirrorPairs? Mirror { get; init; }

    /// <summary>The mirror pairs in words. If none are known, says so and how to state them.</summary>
    public string? MirrorNote { get; init; }

    /// <summary>Number of bad rows per kind of problem, the most frequent first.</summary>
    public IReadOnlyList<RowProblemCount> RejectedByKind { get; init; } = [];

    /// <summary>The first <see cref="DatasetLimits.ProblemsInDetail"/> bad rows.</summary>
    public IReadOnlyList<RowProblem> Problems { get; init; } = [];

    /// <summary>Anything else that a person should know, for example ignored columns.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What the file does not state and was found from its content, one sentence each: for example the separator, the encoding
    /// or the marks of missing labels. Lists only what differs from a plain UTF-8 file with commas. Empty in reports of earlier versions.</summary>
    public IReadOnlyList<string> Guessed { get; init; } = [];
}

/// <summary>Number of labels of one keypoint.</summary>
/// <param name="Keypoint">Name of the keypoint.</param>
/// <param name="Labels">Number of accepted rows that have both of its coordinates.</param>
public sealed record KeypointLabels(string Keypoint, int Labels);

/// <summary>Number of bad rows with one kind of problem.</summary>
/// <param name="Kind">The kind of problem.</param>
/// <param name="Rows">Number of rows.</param>
public sealed record RowProblemCount(RowProblemKind Kind, long Rows);

/// <summary>The first problem found in a bad row.</summary>
/// <param name="Row">Number of the row. 1 is the first row below the header. Blank lines do not count.</param>
/// <param name="Line">Physical line of the file, starting at 1, or null if it is the row's number plus one.</param>
/// <param name="Column">Name of the column, or null if the problem concerns the whole row.</param>
/// <param name="Kind">Kind of problem.</param>
/// <param name="Message">The problem in words, with file, row and column.</param>
public sealed record RowProblem(long Row, long? Line, string? Column, RowProblemKind Kind, string Message);

/// <summary>Kinds of problems that make a row a bad row.</summary>
public enum RowProblemKind
{
    /// <summary>The row has more or fewer columns than the header.</summary>
    ColumnCount,

    /// <summary>The row is longer than <see cref="DatasetLimits.RowBytes"/>.</summary>
    RowLength,

    /// <summary>A quote is never closed, or text follows a closing quote.</summary>
    Quotes,

    /// <summary>A coordinate is not a number.</summary>
    NotANumber,

    /// <summary>A coordinate has another decimal sign than the file's other numbers, or a sign that can also mean thousands.</summary>
    DecimalComma,

    /// <summary>A coordinate is infinite.</summary>
    Infinite,

    /// <summary>A coordinate lies far outside the frame (<see cref="DatasetLimits.OutsideFrameShare"/>).</summary>
    OutsideFrame,

    /// <summary>The image has too many or too few pixels.</summary>
    PixelCount,

    /// <summary>A pixel is not a whole number from 0 to 255.</summary>
    PixelValue,

    /// <summary>The picture that a label names is not in the set, or several files may be meant.</summary>
    PictureMissing,

    /// <summary>The picture is damaged, or in a format that is not read.</summary>
    PictureUnreadable,

    /// <summary>The label file states another size than the picture has.</summary>
    PictureSize,

    /// <summary>The box is empty, or lies outside the picture, or there is neither a box nor enough points for a frame.</summary>
    Box,

    /// <summary>A label says something that cannot be true, for example an unknown keypoint.</summary>
    Label,
}
