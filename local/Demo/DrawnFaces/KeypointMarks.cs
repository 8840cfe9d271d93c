using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Collects the places of the named keypoints while the features say where they are.</summary>
internal sealed class KeypointMarks
{
    private readonly Dictionary<string, SKPoint> _points = new(StringComparer.Ordinal);

    /// <summary>Kaggle's 15 keypoints in Kaggle's column order; left is the person's left, which is the picture's
    /// right.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "left_eye_center", "right_eye_center",
        "left_eye_inner_corner", "left_eye_outer_corner", "right_eye_inner_corner", "right_eye_outer_corner",
        "left_eyebrow_inner_end", "left_eyebrow_outer_end", "right_eyebrow_inner_end", "right_eyebrow_outer_end",
        "nose_tip", "mouth_left_corner", "mouth_right_corner", "mouth_center_top_lip", "mouth_center_bottom_lip",
    ];

    /// <summary>Sets one keypoint's place, continuous pixels.</summary>
    public void Set(string name, SKPoint point) => _points[name] = point;

    /// <summary>All places in the order of <see cref="Names"/>.</summary>
    public SKPoint[] InOrder() => [.. Names.Select(name => _points[name])];
}
