using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>One line of a chunk's results: everything that merging needs of one instance of an image.</summary>
/// <param name="Result">The prediction, or why it failed.</param>
/// <param name="Overlay">Its overlay file, or null.</param>
/// <param name="Thumbnail">Its picture for the report, or null.</param>
internal sealed record ChunkLine(ImageResult Result, string? Overlay, Thumbnail? Thumbnail)
{
    /// <summary>The image's other results, if the line has a thumbnail to draw them on and there are any; otherwise null. They have lines of
    /// their own too.</summary>
    public IReadOnlyList<ImageResult>? Others { get; init; }
}

/// <summary>A small picture without dots. The report draws the dots over it.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Jpeg">The JPEG file.</param>
internal sealed record Thumbnail(int Width, int Height, byte[] Jpeg)
{
    /// <summary>The longer side in pixels.</summary>
    public const int Side = 240;

    /// <summary>JPEG quality.</summary>
    public const int Quality = 78;
}
