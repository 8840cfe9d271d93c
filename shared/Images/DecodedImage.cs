namespace KeypointPipeline.Images;

/// <summary>An image as the model's input frame, and the transform back to image coordinates.</summary>
/// <param name="Width">Width of the upright image in pixels.</param>
/// <param name="Height">Height of the upright image in pixels.</param>
/// <param name="Frame">Grey bytes of the model's frame, H·W, line by line.</param>
/// <param name="Transform">Converts frame pixels to pixels of the upright image.</param>
public sealed record DecodedImage(int Width, int Height, byte[] Frame, FrameTransform Transform);
