using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>The meaning of each column of a dataset.</summary>
/// <param name="Names">All column names, as in the header.</param>
/// <param name="Keypoints">Keypoint names, in header order.</param>
/// <param name="X">Per keypoint, the index of the column with its x.</param>
/// <param name="Y">Per keypoint, the index of the column with its y.</param>
/// <param name="Image">Index of the image column, or -1 if the images are not in the table.</param>
/// <param name="Group">Index of the column that keeps a person's rows on one side of the split, or null.</param>
/// <param name="Frame">The frame size, or null if neither the image column's name nor the options state it.</param>
/// <param name="Ignored">Names of the columns that are ignored.</param>
internal sealed record DatasetColumns(
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Keypoints,
    int[] X,
    int[] Y,
    int Image,
    int? Group,
    FrameSize? Frame,
    IReadOnlyList<string> Ignored)
{
    /// <summary>Reads a header. Names are compared ignoring case.</summary>
    /// <param name="file">Name of the file, for the message.</param>
    /// <param name="names">Names of the columns, without surrounding white space.</param>
    /// <param name="statedFrame">The frame size that a person states, or null.</param>
    /// <param name="statedGroup">The name of the group column that a person states, or null for <c>group</c>.</param>
    /// <param name="needsImage">Whether the images are in the table.</param>
    /// <exception cref="RejectedFileException">The header is not that of a dataset. The message names the columns.</exception>
    public static DatasetColumns Read(string file, IReadOnlyList<string> names, FrameSize? statedFrame, string? statedGroup, bool needsImage)
    {
        var header = new HeaderReading(statedGroup, needsImage);
        for (int i = 0; i < names.Count; i++)
            header.Add(names[i], i);
        FrameSize? frame = header.Complete(statedFrame);
        if (header.Problems.Count > 0)
            throw new RejectedFileException($"{file}: the header cannot be used: {ShownText.List(header.Problems, "; ")}.");
        return new DatasetColumns(
            names,
            [.. header.Pairs.Select(p => p.Name)],
            [.. header.Pairs.Select(p => p.X)],
            [.. header.Pairs.Select(p => p.Y)],
            header.Image,
            header.Group < 0 ? null : header.Group,
            frame,
            header.Ignored);
    }
}
