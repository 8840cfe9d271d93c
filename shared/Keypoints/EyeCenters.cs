namespace KeypointPipeline.Keypoints;

/// <summary>Where a schema has the two eye centres, whose distance is the usual measure of a face's size.</summary>
/// <param name="Left">Place of <c>left_eye_center</c> in the schema.</param>
/// <param name="Right">Place of <c>right_eye_center</c>.</param>
public sealed record EyeCenters(int Left, int Right)
{
    /// <summary>Looks for them; null where the schema lacks one.</summary>
    /// <param name="schema">The keypoints.</param>
    public static EyeCenters? Find(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        List<string> names = [.. schema.Names];
        var eyes = new EyeCenters(names.IndexOf("left_eye_center"), names.IndexOf("right_eye_center"));
        return eyes is { Left: >= 0, Right: >= 0 } ? eyes : null;
    }
}
