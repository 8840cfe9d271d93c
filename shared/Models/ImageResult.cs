namespace KeypointPipeline.Models;

/// <summary>What became of one image.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Width">Width of the upright image, pixels; null where it failed.</param>
/// <param name="Height">Height of the upright image, pixels; null where it failed.</param>
/// <param name="Keypoints">K·2 coordinates (x, y) in pixels of the upright original image, rounded to 1/1000; null for a point
/// that the model gave no number for. Null as a whole where the image failed.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
/// <param name="Uncertainty">K expected errors, one for each keypoint: root mean square per coordinate, in pixels of the upright
/// original image, rounded to 1/1000; null for a point that the model gave no number for. Null as a whole where the image failed or
/// the model has no uncertainty.</param>
public sealed record ImageResult(
    string Image, int? Width, int? Height, IReadOnlyList<double?>? Keypoints, string? Error, IReadOnlyList<double?>? Uncertainty = null)
{
    /// <summary>Whether there are keypoints.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Succeeded => Error is null;
}
