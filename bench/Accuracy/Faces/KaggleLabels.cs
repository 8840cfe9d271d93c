using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Local.Demo.DrawnFaces;

namespace KeypointPipeline.Bench.Accuracy.Faces;

/// <summary>Turns 68 iBUG points into Kaggle's 15 keypoints, with Kaggle's pattern of missing labels.</summary>
/// <remarks>In Kaggle's training.csv, 30 % of the rows are complete. 68 % have only the two eye centres, the nose tip and the bottom lip.
/// The others have other gaps.</remarks>
internal static class KaggleLabels
{
    /// <summary>Number of iBUG points.</summary>
    public const int IbugPoints = 68;

    private const int CompletePerMille = 301;
    private const int SparsePerMille = 680;

    /// <summary>Of 256: how often a row with other gaps lacks each label, besides the one that it lacks in any case.</summary>
    private const int OtherGaps = 64;

    /// <summary>For each of Kaggle's keypoints the iBUG points, from 0, whose mean it is. The left eye is the subject's: points 42 to 47.</summary>
    private static readonly Dictionary<string, int[]> Ibug = new(StringComparer.Ordinal)
    {
        ["left_eye_center"] = [42, 43, 44, 45, 46, 47],
        ["right_eye_center"] = [36, 37, 38, 39, 40, 41],
        ["left_eye_inner_corner"] = [42],
        ["left_eye_outer_corner"] = [45],
        ["right_eye_inner_corner"] = [39],
        ["right_eye_outer_corner"] = [36],
        ["left_eyebrow_inner_end"] = [22],
        ["left_eyebrow_outer_end"] = [26],
        ["right_eyebrow_inner_end"] = [21],
        ["right_eyebrow_outer_end"] = [17],
        ["nose_tip"] = [30],
        ["mouth_left_corner"] = [54],
        ["mouth_right_corner"] = [48],
        ["mouth_center_top_lip"] = [51],
        ["mouth_center_bottom_lip"] = [57],
    };

    private static readonly string[] Kept = ["left_eye_center", "right_eye_center", "nose_tip", "mouth_center_bottom_lip"];

    /// <summary>Kaggle's keypoints, in the order of its columns.</summary>
    public static IReadOnlyList<string> Names => DrawnFace.KeypointNames;

    /// <summary>Calculates Kaggle's keypoints.</summary>
    /// <param name="ibug">68 points, x and y in turn.</param>
    /// <returns>15 points, x and y in turn, in the order of <see cref="Names"/>.</returns>
    public static double[] Of(IReadOnlyList<double> ibug) =>
        [.. Names.SelectMany(name => new[] { Ibug[name].Average(i => ibug[2 * i]), Ibug[name].Average(i => ibug[(2 * i) + 1]) })];

    /// <summary>Chooses which keypoints of a frame lose their labels. The name of the frame decides, so every run gives the same labels.</summary>
    /// <param name="frame">The frame's name.</param>
    /// <returns>For each keypoint, whether its label is left out.</returns>
    public static bool[] Missing(string frame)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"labels:{frame}"));
        int draw = (hash[0] | (hash[1] << 8)) % 1_000;
        if (draw < CompletePerMille)
            return new bool[Names.Count];
        if (draw < CompletePerMille + SparsePerMille)
            return [.. Names.Select(name => !Kept.Contains(name))];

        int[] others = [.. Enumerable.Range(0, Names.Count).Where(k => !Kept.Contains(Names[k]))];
        int always = others[hash[2] % others.Length];
        return [.. Names.Select((name, k) => k == always || (!Kept.Contains(name) && hash[3 + k] < OtherGaps))];
    }
}
