namespace KeypointPipeline.Keypoints;

/// <summary>What a labelled file says about one keypoint of one instance. The numbers are stored in prepared datasets.</summary>
public enum LabelState : byte
{
    /// <summary>Nobody said anything.</summary>
    Missing = 0,

    /// <summary>The position is known. Nobody said whether the point is visible.</summary>
    Labelled = 1,

    /// <summary>The position is known and the point is visible.</summary>
    Visible = 2,

    /// <summary>The position is known and the point is hidden.</summary>
    Occluded = 3,

    /// <summary>Someone says that the point is not in the picture.</summary>
    Absent = 4,
}
