using KeypointPipeline.Finding;

namespace KeypointPipeline.Api.Pictures;

/// <summary>Answer of <c>POST /api/predict</c>: the faces, or other instances, of a picture.</summary>
/// <param name="Width">Width of the upright picture in pixels, after its EXIF orientation is applied.</param>
/// <param name="Height">Height of the upright picture in pixels.</param>
/// <param name="ModelVersion">The version that predicted it.</param>
/// <param name="Finder">What looked for the instances.</param>
/// <param name="Keypoints">Names of the keypoints, in the order of each instance's points.</param>
/// <param name="Faces">The instances, the largest first. Empty if <paramref name="Reason"/> says why there are none.</param>
/// <param name="Reason">Why there are no instances; null if there are some.</param>
public sealed record PicturePrediction(
    int Width,
    int Height,
    string ModelVersion,
    FinderKind Finder,
    IReadOnlyList<string> Keypoints,
    IReadOnlyList<PictureFace> Faces,
    string? Reason = null);
