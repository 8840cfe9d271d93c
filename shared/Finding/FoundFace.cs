using KeypointPipeline.Images;

namespace KeypointPipeline.Finding;

/// <summary>A face that was found on a picture.</summary>
/// <param name="Score">How certain the detector is that this is a face, 0 to 1. Scores of different faces compare; they are no
/// probabilities.</param>
/// <param name="Box">The detector's box around eyes, nose and mouth, in pixels of the upright picture. It is not turned with the face and
/// can reach beyond the picture.</param>
/// <param name="Points">Eyes, nose, mouth and ears.</param>
public sealed record FoundFace(double Score, PictureBox Box, FacePoints Points);
