using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Which column holds what.</summary>
/// <param name="Names">All names, as in the header.</param>
/// <param name="Keypoints">Keypoint names, in header order.</param>
/// <param name="X">Per keypoint the column of its x.</param>
/// <param name="Y">Per keypoint the column of its y.</param>
/// <param name="Image">The image column.</param>
/// <param name="Group">The column that keeps a person's rows together, or null.</param>
/// <param name="Frame">The frame, where the image column's name or the options state it.</param>
/// <param name="Ignored">Names of the columns that mean nothing here.</param>
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
    /// <summary>Reads a header. Names are compared without regard to case.</summary>
    /// <param name="file">The file's name, for the message.</param>
    /// <param name="names">The columns' names, without white space around them.</param>
    /// <param name="statedFrame">The frame of the options, or null.</param>
    /// <exception cref="RejectedFileException">It is no header of a dataset; the message names the columns.</exception>
    public static DatasetColumns Read(string file, IReadOnlyList<string> names, FrameSize? statedFrame)
    {
        var header = new HeaderReading();
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
