namespace KeypointPipeline.Keypoints;

/// <summary>Keypoints of a schema whose means are the middles of eyes and mouth. A face detector finds the same three places, so they
/// connect a found face with a model of any face schema.</summary>
/// <param name="RightEye">Indices of the points of the subject's right eye. Their mean is its centre.</param>
/// <param name="LeftEye">Indices of the points of the subject's left eye.</param>
/// <param name="Mouth">Indices of points of the mouth. Their mean is its middle, or a lip if the schema has no other point.</param>
public sealed record FaceParts(IReadOnlyList<int> RightEye, IReadOnlyList<int> LeftEye, IReadOnlyList<int> Mouth)
{
    /// <summary>Finds the parts by name in all usual spellings. In numbered points of the orders 68 iBUG, 98 WFLW and 5 CelebA they are found
    /// by place if the mirror pairs confirm the order.</summary>
    /// <param name="schema">The schema to search.</param>
    /// <returns>The parts. Null if the schema lacks one, if its points do not tell the middle of an eye (outer corners alone), or if it
    /// describes bodies.</returns>
    public static FaceParts? Find(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return FacePartNames.Find(schema.Names) ?? FindByOrder(schema);
    }

    /// <inheritdoc/>
    public bool Equals(FaceParts? other) =>
        other is not null && RightEye.SequenceEqual(other.RightEye) && LeftEye.SequenceEqual(other.LeftEye) && Mouth.SequenceEqual(other.Mouth);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RightEye[0], LeftEye[0], Mouth[0]);

    private static FaceParts? FindByOrder(KeypointSchema schema)
    {
        if (PublishedOrder.Find(schema.Names) is not ({ Face: { } face }, int[] indices))
            return null;
        var parts = new FaceParts(Of(face.LeftInImage), Of(face.RightInImage), Of(face.Mouth));
        // The eyes' points change places in a mirrored image, if the order holds.
        return parts.RightEye.All(k => parts.LeftEye.Contains(schema.MirrorMap[k])) ? parts : null;

        int[] Of(IEnumerable<int> points) => [.. points.Select(point => indices[point])];
    }
}
