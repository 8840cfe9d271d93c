using KeypointPipeline.Images;
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

    /// <summary>The frames of the image's largest instances, if the line has a thumbnail and they were taken from a part of the image;
    /// otherwise null.</summary>
    public IReadOnlyList<InstanceCrop>? Crops { get; init; }
}

/// <summary>A small picture without dots. The report draws the dots over it.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Jpeg">The JPEG file.</param>
internal sealed record Thumbnail(int Width, int Height, byte[] Jpeg)
{
    /// <summary>The longer side in pixels, if the image has one instance or none.</summary>
    public const int Side = 240;

    /// <summary>The longer side in pixels, if the image has several instances.</summary>
    public const int GroupSide = 640;

    /// <summary>JPEG quality.</summary>
    public const int Quality = 78;
}

/// <summary>The frame of an instance, as the model saw it, without dots.</summary>
/// <param name="Face">The instance's number in its image (<see cref="ImageResult.Face"/>).</param>
/// <param name="Place">Where the frame lies on the image.</param>
/// <param name="Jpeg">The frame as a JPEG file.</param>
internal sealed record InstanceCrop(int Face, FrameTransform Place, byte[] Jpeg);
