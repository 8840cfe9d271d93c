namespace KeypointPipeline.Keypoints;

/// <summary>Indices of the two eye centres in a schema. The distance between them is the usual measure of a face's size.</summary>
/// <param name="Left">Index of <c>left_eye_center</c>.</param>
/// <param name="Right">Index of <c>right_eye_center</c>.</param>
public sealed record EyeCenters(int Left, int Right)
{
    /// <summary>Finds the eye centres of a schema. Returns null if one of them is missing.</summary>
    /// <param name="schema">The schema to search.</param>
    public static EyeCenters? Find(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var names = new KeypointNames(schema.Names);
        var eyes = new EyeCenters(names.Find("left_eye_center"), names.Find("right_eye_center"));
        return eyes is { Left: >= 0, Right: >= 0 } ? eyes : null;
    }
}
