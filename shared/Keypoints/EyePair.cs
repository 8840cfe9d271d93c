using System.Text.Json.Serialization;

namespace KeypointPipeline.Keypoints;

/// <summary>Two keypoints of the eyes. Errors are divided by their distance, so that large and small faces compare.</summary>
/// <param name="Left">Index of the left eye's keypoint in the schema.</param>
/// <param name="Right">Index of the right eye's keypoint.</param>
/// <param name="Kind">Which points of the eyes they are.</param>
public sealed record EyePair(int Left, int Right, EyePairKind Kind)
{
    /// <summary>How names call an outer corner after its side, normalised as <see cref="KeypointName.Normalize"/> does.</summary>
    private static readonly string[] OuterCorners =
        ["eyeoutercorner", "eyeouter", "outereyecorner", "outereye", "eyecornerouter", "outercornereye", "outereyecanthus", "eyeoutercanthus", "exocanthion"];

    /// <summary>Finds the pair of a schema: the eye centres if it has them, otherwise the outer eye corners. Corners are found by name, and in
    /// numbered points of the orders 68 iBUG and 98 WFLW if the mirror pairs confirm the order.</summary>
    /// <param name="schema">The schema to search.</param>
    /// <returns>The pair, or null if the schema has neither.</returns>
    public static EyePair? Find(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (EyeCenters.Find(schema) is EyeCenters eyes)
            return new EyePair(eyes.Left, eyes.Right, EyePairKind.EyeCenters);
        return (FindByName(schema.Names) ?? FindByOrder(schema)) is (int left, int right) ? new EyePair(left, right, EyePairKind.OuterEyeCorners) : null;
    }

    private static (int Left, int Right)? FindByName(IReadOnlyList<string> names)
    {
        int left = -1;
        int right = -1;
        for (int k = 0; k < names.Count; k++)
        {
            if (SidedName.Parse(names[k]) is not SidedName name || !IsOuterCorner(name))
                continue;
            if (name.IsLeft)
                left = k;
            else
                right = k;
        }

        return left >= 0 && right >= 0 ? (left, right) : null;
    }

    /// <summary>The last key of a name is its normalised text without the side, and a mark for the side.</summary>
    private static bool IsOuterCorner(SidedName name) => OuterCorners.Contains(name.Keys()[^1].Split('\u0001')[0], StringComparer.Ordinal);

    private static (int Left, int Right)? FindByOrder(KeypointSchema schema)
    {
        if (PublishedOrder.Find(schema.Names) is not ({ OuterEyeCorners: (int left, int right) }, int[] indices))
            return null;
        // The person's left eye is the right one in the picture.
        (left, right) = (indices[right], indices[left]);
        return schema.MirrorMap[left] == right ? (left, right) : null;
    }
}

/// <summary>The points of the eyes whose distance measures a face.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EyePairKind>))]
public enum EyePairKind
{
    /// <summary>The eye centres.</summary>
    [JsonStringEnumMemberName("eyeCenters")]
    EyeCenters,

    /// <summary>The outer eye corners.</summary>
    [JsonStringEnumMemberName("outerEyeCorners")]
    OuterEyeCorners,
}
