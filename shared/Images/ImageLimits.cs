namespace KeypointPipeline.Images;

/// <summary>What an image may cost before it is refused; all is checked before any pixel is decoded.</summary>
/// <param name="MaximumBytes">Size of the file, bytes.</param>
/// <param name="MaximumPixels">Width × height. Decoding takes four bytes each, and up to six more of a progressive JPEG.</param>
public sealed record ImageLimits(int MaximumBytes = 64 << 20, int MaximumPixels = 100_000_000)
{
    /// <summary>64 MiB and 100 megapixels: every camera's pictures, no decompression bomb.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Above this many pixels images are decoded one at a time, so that several at once do not multiply the memory.</summary>
    internal const int LargePixels = 16_000_000;

    /// <summary>Above <see cref="LargePixels"/>, the most pixels per byte of the file. A photograph has less than 100, one colour all
    /// over gives 600 with a lossy format; a WebP of 36 bytes can hold 100 megapixels.</summary>
    internal const int LargePixelsPerByte = 1_000;
}
