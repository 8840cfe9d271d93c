namespace KeypointPipeline.Images;

/// <summary>Where one instance of a picture is, as a file beside the pictures states it. A model whose framing needs a place
/// (<see cref="Framing.NeedsPlace"/>) predicts each instance from a frame of its own.</summary>
/// <param name="Box">The instance's box in pixels of the upright picture, or null.</param>
/// <param name="Source">File and row that state it, for messages: <c>boxes.csv row 17</c>.</param>
public sealed record InstancePlace(PictureBox? Box, string Source)
{
    /// <summary>K·2 coordinates (x, y) in pixels of the upright picture, in the order of the model's keypoints; NaN if unknown. Empty if no
    /// point is known.</summary>
    public IReadOnlyList<float> Points { get; init; } = [];

    /// <summary>The place of the instance's frame on the picture if the finder knows it, or null: it then follows from box or points. A face
    /// finder places and turns the frame by eyes and mouth.</summary>
    public FrameTransform? Frame { get; init; }

    /// <summary>The instance's id as the file states it, or null: it then gets one.</summary>
    public string? Id { get; init; }

    /// <summary>Why the place cannot be used, with file, row and column; null if it can.</summary>
    public string? Fault { get; init; }
}
