using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Labels as the product means them, whatever file states them: pixels of the upright picture, pixel centres at integers, the
/// subject's left and right.</summary>
/// <param name="Keypoints">Keypoint names.</param>
/// <param name="Pictures">The pictures, in ordinal order of their names.</param>
internal sealed record LabelScene(IReadOnlyList<string> Keypoints, IReadOnlyList<ScenePicture> Pictures);

/// <summary>A picture of a scene.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Instances">At least one.</param>
internal sealed record ScenePicture(string Name, int Width, int Height, IReadOnlyList<SceneInstance> Instances);

/// <summary>An instance of a scene.</summary>
/// <param name="Points">One for each keypoint.</param>
/// <param name="Box">A box around the points, with sides on whole pixels.</param>
/// <param name="Group">What it belongs to, for example a person.</param>
internal sealed record SceneInstance(IReadOnlyList<ScenePoint> Points, PictureBox Box, string Group);

/// <summary>A keypoint of a scene.</summary>
/// <param name="X">Pixels, or NaN if there is no position.</param>
/// <param name="Y">Pixels, or NaN if there is no position.</param>
/// <param name="State">Visible, occluded, absent or missing.</param>
internal sealed record ScenePoint(double X, double Y, LabelState State)
{
    /// <summary>Whether there is a position.</summary>
    public bool IsPlaced => State is LabelState.Visible or LabelState.Occluded;
}
