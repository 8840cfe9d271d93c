namespace KeypointPipeline.Images;

/// <summary>Limits of images. They are checked before any pixel is decoded. An image beyond a limit is rejected.</summary>
/// <param name="MaximumBytes">Maximum size of the file in bytes.</param>
/// <param name="MaximumPixels">Maximum number of pixels, width × height. Decoding takes four bytes per pixel, and up to six more for a
/// progressive JPEG.</param>
public sealed record ImageLimits(int MaximumBytes = ImageLimits.LargestFile, int MaximumPixels = 100_000_000)
{
    /// <summary>Maximum size of a file in bytes if nobody states another: 64 MiB.</summary>
    public const int LargestFile = 64 << 20;

    /// <summary>64 MiB and 100 megapixels. They allow the pictures of all cameras and stop decompression bombs.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Images with more pixels than this are decoded one at a time, so that parallel decoding does not multiply the memory.</summary>
    internal const int LargePixels = 16_000_000;

    /// <summary>The maximum number of pixels per byte of the file, for images above <see cref="LargePixels"/>. A photograph has fewer
    /// than 100. A single colour in a lossy format has 600. A WebP of 36 bytes can contain 100 megapixels.</summary>
    internal const int LargePixelsPerByte = 1_000;
}
