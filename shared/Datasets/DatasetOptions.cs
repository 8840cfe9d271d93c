using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>Options for preparing a dataset.</summary>
public sealed record DatasetOptions
{
    /// <summary>The frame size, needed only if it is not square. If null, the sidecar or the image column's name states it
    /// (<c>Image_128x96</c>). Otherwise it is the square with as many pixels as the first good row. Frames of pictures that labels name have
    /// <see cref="PictureFraming.DefaultFrame"/> if nobody states another.</summary>
    public FrameSize? Frame { get; init; }

    /// <summary>The framing and frame of pictures that labels name, for example those of a model. It counts before <see cref="Frame"/> and
    /// the sidecar. If null, the sidecar states the framing; otherwise it is chosen by the labels. Tables with pixels ignore it.</summary>
    public PictureFraming? Pictures { get; init; }

    /// <summary>Mirror pairs that a person states. If null, the sidecar states them. Otherwise they come from the names, or from a
    /// published point order that the labels confirm.</summary>
    public MirrorStatement? Mirror { get; init; }

    /// <summary>Hashes of the groups whose rows are left out (<see cref="Formats.GroupKey"/>).</summary>
    public IReadOnlySet<ulong> ErasedGroups { get; init; } = new HashSet<ulong>();

    /// <summary>The maximum share of bad rows, 0 to 1. A file with a larger share is refused. Default: 0.2. Duplicates, rows
    /// without labels and rows of erased groups are left out, but do not count as bad.</summary>
    public double MaximumBadShare { get; init; } = 0.2;
}
