using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>What the person who drops a dataset may state about it.</summary>
public sealed record DatasetOptions
{
    /// <summary>The frame, where it is not square. Unstated, it comes from the image column's name (<c>Image_128x96</c>), else it
    /// is the square of the first good row's number of pixels.</summary>
    public FrameSize? Frame { get; init; }

    /// <summary>Largest share of bad rows, 0 to 1, with which a file is still used; default 0.2. Duplicates and rows without any
    /// label are left out, but are not bad.</summary>
    public double MaximumBadShare { get; init; } = 0.2;
}
