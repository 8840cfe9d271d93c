using KeypointPipeline.Files;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.PixelCsv.Headers;
using KeypointPipeline.Formats.PixelCsv.Pixels;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>The meaning of each column of a dataset.</summary>
/// <param name="Names">All column names, as in the header.</param>
/// <param name="Keypoints">Keypoint names, in header order.</param>
/// <param name="X">Per keypoint, the index of the column with its x.</param>
/// <param name="Y">Per keypoint, the index of the column with its y.</param>
/// <param name="Visibility">Per keypoint, the index of the column that says whether it was labelled, or -1.</param>
/// <param name="Image">Index of the column with all pixels, or -1 if there is none.</param>
/// <param name="Pixels">The columns of the pixels if each has its own, or null.</param>
/// <param name="Group">Index of the column that keeps a person's rows on one side of the split, or null.</param>
/// <param name="Frame">The frame size, or null if neither the header nor a person states it.</param>
/// <param name="Ignored">Names of the columns that are ignored.</param>
/// <param name="Guesses">What was found from unusual names, in whole sentences.</param>
/// <param name="Warnings">What a person should know about the header although it can be used, in whole sentences.</param>
internal sealed record DatasetColumns(
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Keypoints,
    int[] X,
    int[] Y,
    int[] Visibility,
    int Image,
    PixelColumnNames? Pixels,
    int? Group,
    FrameSize? Frame,
    IReadOnlyList<string> Ignored,
    IReadOnlyList<string> Guesses,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Reads a header. Names are compared ignoring case.</summary>
    /// <param name="names">Names of the columns, without surrounding white space.</param>
    /// <param name="statedFrame">The frame size that a person states, or null.</param>
    /// <param name="statedGroup">The name of the group column that a person states, or null for <c>group</c>.</param>
    /// <param name="needsImage">Whether the images are in the table.</param>
    /// <param name="problem">Why the header is not that of a dataset. It names the columns.</param>
    /// <returns>The columns, or null with a problem.</returns>
    public static DatasetColumns? Read(
        IReadOnlyList<string> names, FrameSize? statedFrame, string? statedGroup, bool needsImage, out HeaderProblem? problem)
    {
        var header = new HeaderReading(statedGroup, needsImage);
        for (int i = 0; i < names.Count; i++)
            header.Add(names[i], i);
        FrameSize? frame = header.Complete(statedFrame);
        problem = header.Problems.Count > 0 ? new HeaderProblem(ShownText.List(header.Problems, "; ", longest: KeypointHeader.LongestProblem), header.LacksKeypoints) : null;
        return problem is not null ? null : new DatasetColumns(
            names,
            [.. header.Keypoints.Select(p => p.Name)],
            [.. header.Keypoints.Select(p => p.X)],
            [.. header.Keypoints.Select(p => p.Y)],
            header.Visibility,
            header.Image,
            header.Pixels,
            header.Group < 0 ? null : header.Group,
            frame,
            header.Ignored,
            header.Guesses,
            header.Warnings);
    }

    /// <summary>Creates the reader of the images that are in the table.</summary>
    public RowImages CreateImages() => Pixels is null ? new PixelColumn(Names[Image], Image, Frame) : new OneColumnPerPixel(Pixels, Names, Frame);
}

/// <summary>Why a header cannot be used.</summary>
/// <param name="Text">The problems in words.</param>
/// <param name="LacksKeypoints">Whether no keypoint columns were found.</param>
internal sealed record HeaderProblem(string Text, bool LacksKeypoints);
