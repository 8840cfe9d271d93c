using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images;

/// <summary>How an instance of a picture becomes a model's frame. Datasets and model files record it: training and prediction use the same
/// one.</summary>
/// <param name="Kind">What the frame is taken from.</param>
/// <param name="Margin">The frame is the smallest one that holds the box, or the extent of the points, enlarged by this factor around its
/// centre. 1 for the other kinds.</param>
/// <param name="Shape">Where the keypoints of a complete instance lie, so that two points are enough for a frame. Null if frames are taken
/// from boxes alone.</param>
public sealed record Framing(FramingKind Kind, double Margin = 1, FramingShape? Shape = null)
{
    /// <summary>Margin around points if nobody states another. Of 1.1, 1.25 and 1.5 to 1.6, the smallest gave the lowest errors, for outlines
    /// and for inner points alike (docs/framing.md).</summary>
    public const double PointsMargin = 1.1;

    /// <summary>Smallest side of a frame on the picture in pixels. A smaller one shows nothing.</summary>
    internal const double SmallestSide = 2;

    /// <summary>Largest side of a frame on the picture, as a multiple of the picture's longer side.</summary>
    internal const double LargestShare = 4;

    /// <summary>The pictures are the frames, as in tables with pixels. Datasets and models of earlier versions have this framing.</summary>
    public static Framing Given { get; } = new(FramingKind.Given);

    /// <summary>The whole picture, fitted into the frame (<see cref="FrameTransform.Fit"/>).</summary>
    public static Framing Whole { get; } = new(FramingKind.Whole);

    /// <summary>Gets whether a frame needs a box or labelled points.</summary>
    [JsonIgnore]
    public bool NeedsPlace => Kind is FramingKind.Box or FramingKind.Points;

    /// <summary>Returns this framing for keypoints in another order, or for other keypoints. Names compare as
    /// <see cref="KeypointNames"/> says. A keypoint that the shape lacks does not change a frame.</summary>
    /// <param name="names">Names in the order of the points that <see cref="TryPlace"/> will get.</param>
    public Framing For(IReadOnlyList<string> names) => Shape is null ? this : this with { Shape = Shape.For(names) };

    /// <summary>Describes the framing as the end of a sentence, for example <c>by the points, enlarged by 1.1</c>.</summary>
    public string Describe() => Kind switch
    {
        FramingKind.Given => "as given",
        FramingKind.Whole => "the whole picture",
        _ => $"by the {(Kind == FramingKind.Box ? "box" : "points")}{(Margin == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", enlarged by {Margin}"))}",
    };

    /// <summary>Places the frame of an instance on its picture. Without need for a place, the frame holds the whole picture. <see cref="FramingKind.Box"/>
    /// uses the points if there is no box, and <see cref="FramingKind.Points"/> uses the box if fewer than two points are labelled.</summary>
    /// <param name="box">The instance's box in pixels of the upright picture, or null.</param>
    /// <param name="points">K·2 coordinates in pixels of the upright picture, in the order of <see cref="Shape"/>; NaN if unknown. Empty if no
    /// point is known.</param>
    /// <param name="width">Width of the upright picture in pixels.</param>
    /// <param name="height">Height of the upright picture in pixels.</param>
    /// <param name="frame">Frame size in pixels.</param>
    /// <param name="transform">The place of the frame.</param>
    /// <param name="problem">Why the instance has no frame, for example <c>no box, and fewer than two labelled points</c>.</param>
    /// <returns>Whether there is a frame.</returns>
    /// <exception cref="ArgumentException">The number of points is another than the shape's.</exception>
    public bool TryPlace(
        PictureBox? box,
        ReadOnlySpan<float> points,
        int width,
        int height,
        FrameSize frame,
        out FrameTransform transform,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (NeedsPlace)
            return FramePlace.TryFind(this, box, points, (width, height), frame, out transform, out problem);
        transform = FrameTransform.Fit(width, height, frame.Width, frame.Height);
        problem = null;
        return true;
    }
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
