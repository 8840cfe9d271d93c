namespace KeypointPipeline.Images;

/// <summary>An image as the model sees it, and the way back.</summary>
/// <param name="Width">Width of the upright image, pixels.</param>
/// <param name="Height">Height of the upright image, pixels.</param>
/// <param name="Frame">Grey bytes of the model's frame, H·W, line by line.</param>
/// <param name="Transform">From frame pixels to pixels of the upright image.</param>
public sealed record DecodedImage(int Width, int Height, byte[] Frame, FrameTransform Transform);
