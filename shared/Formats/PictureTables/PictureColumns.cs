using KeypointPipeline.Formats.Headers;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>The meaning of the columns of a table with one row per instance.</summary>
/// <param name="Picture">Index of the column that names the picture.</param>
/// <param name="Keypoints">The keypoints and their columns.</param>
internal sealed record PictureColumns(int Picture, IReadOnlyList<KeypointColumns> Keypoints)
{
    /// <summary>Per keypoint, the index of the column that says whether it was labelled, or -1. Null if the table has no such column.</summary>
    public int[]? States { get; init; }

    /// <summary>The columns of the box, or null.</summary>
    public BoxColumns? Box { get; init; }

    /// <summary>Indices of the columns with the picture's width and height, or null.</summary>
    public (int Width, int Height)? Size { get; init; }

    /// <summary>Index of the column that keeps rows on one side of the split, or -1.</summary>
    public int Group { get; init; } = -1;

    /// <summary>Index of the column with the instance's id, or -1.</summary>
    public int Instance { get; init; } = -1;

    /// <summary>Index of the column that says whether the prediction of this row failed, or -1.</summary>
    public int Status { get; init; } = -1;

    /// <summary>Index of the column with the model version that predicted the points, or -1.</summary>
    public int Origin { get; init; } = -1;

    /// <summary>Index of the column with the checksum of the prediction, or -1.</summary>
    public int Checksum { get; init; } = -1;

    /// <summary>What was found and the header does not state, one sentence each.</summary>
    public IReadOnlyList<string> Guesses { get; init; } = [];

    /// <summary>What a person should know about the header although it can be used, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
