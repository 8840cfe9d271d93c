using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>A picture that a label file names, with its instances.</summary>
/// <param name="Path">The picture's path as the file states it. It is untrusted.</param>
/// <param name="Instances">The labelled instances, in the order of the file. A picture without any is left out of training.</param>
internal sealed record LabelledPicture(string Path, IReadOnlyList<LabelledInstance> Instances)
{
    /// <summary>A second path to look for if there is no file at <see cref="Path"/>, or null: for example without a prefix that a tool
    /// adds.</summary>
    public string? OtherPath { get; init; }

    /// <summary>Path in the set of the label file that names the picture. Relative paths start at its folder, and messages name it. Null if
    /// the labels are one file.</summary>
    public string? File { get; init; }

    /// <summary>The picture's size in pixels as the label file states it, or null. It is compared with the picture's own size.</summary>
    public (int Width, int Height)? StatedSize { get; init; }

    /// <summary>Whether points and boxes are shares of the picture's width and height, measured at pixel edges: 0 is the left or top edge, and
    /// 1 the right or bottom edge. Otherwise they are pixels of the picture.</summary>
    public bool IsRelative { get; init; }
}

/// <summary>One labelled instance, for example a face.</summary>
/// <param name="Row">Its number for messages, as the format counts: the row of a table, or the annotation, from 1.</param>
/// <param name="Points">K·2 coordinates (x, y) in the order of <see cref="LabelReader.Keypoints"/>. Pixel centres are integers, unless the
/// picture <see cref="LabelledPicture.IsRelative"/>. Both are NaN if the position is unknown.</param>
internal sealed record LabelledInstance(long Row, float[] Points)
{
    /// <summary>The state of each keypoint. Null if the file states no visibility: points with a position are then
    /// <see cref="LabelState.Labelled"/>, and the others <see cref="LabelState.Missing"/>.</summary>
    public LabelState[]? States { get; init; }

    /// <summary>The instance's box, or null. In the unit of the points.</summary>
    public PictureBox? Box { get; init; }

    /// <summary>What keeps rows on one side of the split, for example a person or a video; null if the file states nothing.</summary>
    public string? Group { get; init; }

    /// <summary>The instance's id in the file, or null.</summary>
    public string? Id { get; init; }

    /// <summary>The model version that predicted the points, if the row is a result that was written out; otherwise null.</summary>
    public string? Origin { get; init; }

    /// <summary>The checksum that was written with the prediction, or null.</summary>
    public string? Checksum { get; init; }

    /// <summary>How certain a prediction is, 0 to 1; null for labels. Only writers use it.</summary>
    public double? Score { get; init; }

    /// <summary>Why the instance cannot be used, or null. The other values then say nothing.</summary>
    public RowFault? Fault { get; init; }

    /// <summary>Index of the first keypoint with only one coordinate, or -1. Such a keypoint counts as missing.</summary>
    public int HalfLabel { get; init; } = -1;

    /// <summary>Returns the instance with its keypoints in another order.</summary>
    /// <param name="order">For each keypoint of the new order its index in this one: all keypoints, each once.</param>
    public LabelledInstance InOrder(int[] order) => Fault is not null ? this : this with
    {
        Points = [.. order.SelectMany(k => Points[(2 * k)..(2 * (k + 1))])],
        States = States is null ? null : [.. order.Select(k => States[k])],
        HalfLabel = HalfLabel < 0 ? HalfLabel : Array.IndexOf(order, HalfLabel),
    };
}
