namespace KeypointPipeline.Images;

/// <summary>Where one instance of a picture is, as a file beside the pictures states it. A model whose framing needs a place
/// (<see cref="Framing.NeedsPlace"/>) predicts each instance from a frame of its own.</summary>
/// <param name="Box">The instance's box in pixels of the upright picture, or null.</param>
/// <param name="Id">The instance's id as the file states it, or null: it then gets one.</param>
/// <param name="Fault">Why the place cannot be used, with file, row and column; null if it can.</param>
public sealed record InstancePlace(PictureBox? Box, string? Id = null, string? Fault = null);
