using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Writing;

/// <summary>What a row has beside pixels and coordinates if its picture is a file.</summary>
/// <param name="States">The state of each keypoint, K.</param>
/// <param name="Place">Where the frame is on the picture.</param>
/// <param name="Picture">Path of the picture in the dropped set.</param>
/// <param name="Instance">Id of the instance.</param>
/// <param name="Box">The instance's box in pixels of the upright picture, or null.</param>
internal sealed record FramedRow(
    LabelState[] States, FrameTransform Place, string Picture, string Instance, PictureBox? Box);
