using System.Text.Json.Serialization;

namespace KeypointPipeline.Images;

/// <summary>How an instance of a picture becomes a model's frame. Datasets and model files record it: training and prediction use the same
/// one.</summary>
/// <param name="Kind">What the frame is taken from.</param>
/// <param name="Margin">The frame's side as a multiple of the longer side of the box or of the points' extent. 1 for the other kinds.</param>
/// <param name="Shape">Where the keypoints of a complete instance lie, so that two points are enough for a frame. Only for
/// <see cref="FramingKind.Points"/>.</param>
public sealed record Framing(FramingKind Kind, double Margin = 1, FramingShape? Shape = null)
{
    /// <summary>The pictures are the frames, as in tables with pixels. Datasets and models of earlier versions have this framing.</summary>
    public static Framing Given { get; } = new(FramingKind.Given);

    /// <summary>The whole picture, fitted into the frame (<see cref="FrameTransform.Fit"/>).</summary>
    public static Framing Whole { get; } = new(FramingKind.Whole);

    /// <summary>Gets whether a frame needs a box or labelled points.</summary>
    [JsonIgnore]
    public bool NeedsPlace => Kind is FramingKind.Box or FramingKind.Points;
}

/// <summary>What a frame is taken from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FramingKind>))]
public enum FramingKind
{
    /// <summary>The row's pixels are the frame.</summary>
    [JsonStringEnumMemberName("given")]
    Given,

    /// <summary>The whole picture.</summary>
    [JsonStringEnumMemberName("whole")]
    Whole,

    /// <summary>The instance's box.</summary>
    [JsonStringEnumMemberName("box")]
    Box,

    /// <summary>The extent of the instance's labelled points.</summary>
    [JsonStringEnumMemberName("points")]
    Points,
}

/// <summary>The mean shape of complete instances.</summary>
/// <param name="Names">Keypoint names.</param>
/// <param name="Points">K·2 coordinates (x, y). The origin is the centre of the extent of all points, and 1 is its longer side.</param>
public sealed record FramingShape(IReadOnlyList<string> Names, IReadOnlyList<double> Points);
