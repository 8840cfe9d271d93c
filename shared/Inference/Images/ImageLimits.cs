namespace KeypointPipeline.Inference.Images;

/// <summary>What an image may cost before it is refused; both are checked before any pixel is decoded.</summary>
/// <param name="MaximumBytes">Size of the file, bytes.</param>
/// <param name="MaximumPixels">Width × height. Decoding takes up to four bytes each.</param>
public sealed record ImageLimits(int MaximumBytes = 64 << 20, int MaximumPixels = 100_000_000)
{
    /// <summary>64 MiB and 100 megapixels: every camera's pictures, no decompression bomb.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Above this many pixels images are decoded one at a time, so that several at once do not multiply the memory.</summary>
    internal const int LargePixels = 16_000_000;
}
