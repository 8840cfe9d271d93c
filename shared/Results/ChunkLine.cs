using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>One line of a chunk's results: what the merge needs of one image.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Overlay">Its overlay file, where it has one.</param>
/// <param name="Thumbnail">Its picture for the report, where it has one.</param>
internal sealed record ChunkLine(ImageResult Result, string? Overlay, Thumbnail? Thumbnail);

/// <summary>A small picture without dots; the report draws them over it.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Jpeg">The file.</param>
internal sealed record Thumbnail(int Width, int Height, byte[] Jpeg)
{
    /// <summary>The longer side, pixels.</summary>
    public const int Side = 240;

    /// <summary>JPEG quality.</summary>
    public const int Quality = 78;
}
