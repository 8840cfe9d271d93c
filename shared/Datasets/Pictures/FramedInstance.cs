using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Formats.PixelCsv;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>A labelled instance of a picture, as it was read.</summary>
/// <param name="Row">Its row, with the fault if it is bad.</param>
/// <param name="Place">File and row, for messages.</param>
internal sealed record FramedInstance(ReadRow Row, string Place)
{
    /// <summary>Whether it is a prediction that nobody changed.</summary>
    public bool IsPrediction { get; init; }

    /// <summary>Whether its frame is that of a found face, because its labels say too little.</summary>
    public bool IsFoundFace { get; init; }

    /// <summary>XXH128 of the picture's file.</summary>
    public UInt128 PictureHash { get; init; }

    /// <summary>H·W grey bytes of the frame. Empty without <see cref="Framed"/>.</summary>
    public ReadOnlyMemory<byte> Pixels { get; init; }

    /// <summary>K·2 coordinates in pixels of the frame; NaN if the label is missing. Empty without <see cref="Framed"/>.</summary>
    public ReadOnlyMemory<float> Coordinates { get; init; }

    /// <summary>What else a good row with labels has; null for the others.</summary>
    public FramedRow? Framed { get; init; }
}

/// <summary>A picture whose instances were framed.</summary>
/// <param name="Instances">The instances, in the order of the labels.</param>
/// <param name="Fit">How the picture's size agrees with the label file.</param>
/// <param name="Bytes">Bytes of the picture's file; 0 if it was not read.</param>
internal sealed record FramedPicture(IReadOnlyList<FramedInstance> Instances, SizeFit Fit = SizeFit.Same, long Bytes = 0);

/// <summary>How a picture's size agrees with the size that the label file states.</summary>
internal enum SizeFit
{
    /// <summary>It is the same, or none is stated.</summary>
    Same,

    /// <summary>The picture has the same shape in another size. Its labels are scaled.</summary>
    Scaled,

    /// <summary>The labels are those of the stored picture, before its EXIF orientation turns it upright. They are turned too.</summary>
    Turned,

    /// <summary>It is another picture, or a crop.</summary>
    Other,
}
