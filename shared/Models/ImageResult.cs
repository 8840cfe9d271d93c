using System.Text.Json.Serialization;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Models;

/// <summary>The prediction for one image, or the reason why it failed.</summary>
/// <param name="Image">Name of the image.</param>
/// <param name="Width">Width of the upright image in pixels; null if the image failed.</param>
/// <param name="Height">Height of the upright image in pixels; null if the image failed.</param>
/// <param name="Keypoints">K·2 coordinates (x, y) in pixels of the upright original image, rounded to 1/1000. A point is null if the
/// model gave no number for it. The list is null if the image failed.</param>
/// <param name="Error">Why the image failed; null if it did not.</param>
/// <param name="Uncertainty">K expected errors, one for each keypoint: root mean square per coordinate, in pixels of the upright
/// original image, rounded to 1/1000. An error is null if the model gave no number for it. The list is null if the image failed or the
/// model gives no uncertainty.</param>
public sealed record ImageResult(
    string Image,
    int? Width,
    int? Height,
    [property: JsonConverter(typeof(OptionalNumbersConverter))] IReadOnlyList<double?>? Keypoints,
    string? Error,
    [property: JsonConverter(typeof(OptionalNumbersConverter))] IReadOnlyList<double?>? Uncertainty = null)
{
    /// <summary>Gets whether the image has keypoints.</summary>
    [JsonIgnore]
    public bool Succeeded => Error is null;
}
