using System.Text.Json.Serialization;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Models;

/// <summary>The prediction for one instance of an image, or the reason why it failed. An image has one result for each instance.</summary>
/// <param name="Image">Name of the image.</param>
/// <param name="Width">Width of the upright image in pixels; null if the image could not be read.</param>
/// <param name="Height">Height of the upright image in pixels; null if the image could not be read.</param>
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
    /// <summary>The instance's number in its image, from 1, the largest first. Null if the image failed, and in results of earlier versions.</summary>
    public int? Face { get; init; }

    /// <summary>The instance's id (<see cref="InstanceId"/>). Null if the image failed, and in results of earlier versions.</summary>
    public string? Instance { get; init; }

    /// <summary>The box that the frame was taken from, or null if the whole image was used.</summary>
    public PictureBox? Box { get; init; }

    /// <summary>Image pixels per frame pixel. Null if the whole image was fitted into the frame.</summary>
    public double? Scale { get; init; }

    /// <summary>Returns how many image pixels a frame pixel has, also if the whole image was fitted into the frame.</summary>
    /// <param name="schema">The model's keypoints and frame.</param>
    internal double ScaleIn(KeypointSchema schema) => Scale ?? FrameTransform.Fit(Width!.Value, Height!.Value, schema.FrameWidth, schema.FrameHeight).Scale;

    /// <summary>Gets whether the whole image was used because nothing stated where the instance is, although the model was trained on
    /// framed instances. The points may be wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LacksPlace { get; init; }

    /// <summary>Gets whether the model is less certain of the points than its gate allows. They may be wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDoubtful { get; init; }

    /// <summary>Gets whether no face was found in the image and the model is too uncertain of the whole image. The result has no
    /// keypoints.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsWithoutFace { get; init; }

    /// <summary>Gets whether the image has keypoints.</summary>
    [JsonIgnore]
    public bool Succeeded => Error is null;
}
