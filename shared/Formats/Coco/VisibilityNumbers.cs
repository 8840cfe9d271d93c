using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Coco;

/// <summary>The visibility of COCO and YOLO-pose: 0 for not labelled, 1 for hidden, 2 for visible. Files in which every labelled point has 1
/// come from datasets without visibility.</summary>
internal sealed class VisibilityNumbers
{
    /// <summary>What a report says if <see cref="IsStated"/> is false.</summary>
    public const string Guess = "Every labelled point has visibility 1, so visibility counts as not stated.";

    private readonly long[] _counts = new long[(int)LabelState.Absent + 1];

    /// <summary>Gets or sets whether the file says that its numbers state visibility.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether the numbers counted so far state visibility.</summary>
    public bool IsStated =>
        IsKnown || _counts[(int)LabelState.Occluded] == 0 || _counts[(int)LabelState.Visible] + _counts[(int)LabelState.Labelled] > 0;

    /// <summary>Returns the state of a point. Other positive numbers are confidences of labelled points.</summary>
    public static LabelState StateOf(double number) => number switch
    {
        1 => LabelState.Occluded,
        2 => LabelState.Visible,
        > 0 => LabelState.Labelled,
        _ => LabelState.Missing,
    };

    /// <summary>Counts the states of an instance.</summary>
    public void Count(LabelState[] states)
    {
        foreach (LabelState state in states)
            _counts[(int)state]++;
    }

    /// <summary>Returns the picture without states if the file does not state visibility. Call it once all are counted.</summary>
    public LabelledPicture Apply(LabelledPicture picture) =>
        IsStated ? picture : picture with { Instances = [.. picture.Instances.Select(instance => instance with { States = null })] };
}
