using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Collects the positions of the named keypoints. Each feature of the face sets its own.</summary>
internal sealed class KeypointMarks
{
    private readonly Dictionary<string, SKPoint> _points = new(StringComparer.Ordinal);

    /// <summary>Kaggle's 15 keypoints in Kaggle's column order. Left is the person's left, which is on the picture's
    /// right.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "left_eye_center", "right_eye_center",
        "left_eye_inner_corner", "left_eye_outer_corner", "right_eye_inner_corner", "right_eye_outer_corner",
        "left_eyebrow_inner_end", "left_eyebrow_outer_end", "right_eyebrow_inner_end", "right_eyebrow_outer_end",
        "nose_tip", "mouth_left_corner", "mouth_right_corner", "mouth_center_top_lip", "mouth_center_bottom_lip",
    ];

    /// <summary>Sets the position of a keypoint, continuous pixels.</summary>
    public void Set(string name, SKPoint point) => _points[name] = point;

    /// <summary>Gets all positions in the order of <see cref="Names"/>.</summary>
    public SKPoint[] InOrder() => [.. Names.Select(name => _points[name])];
}
