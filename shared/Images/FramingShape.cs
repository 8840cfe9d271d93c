using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images;

/// <summary>The mean shape of complete instances.</summary>
/// <param name="Names">Keypoint names.</param>
/// <param name="Points">K·2 coordinates (x, y). The origin is the centre of the extent of all points, and 1 is its longer side. A keypoint of
/// unknown place is at the origin.</param>
public sealed record FramingShape(IReadOnlyList<string> Names, IReadOnlyList<double> Points)
{
    /// <summary>Returns the shape for keypoints in another order, or for other keypoints.</summary>
    internal FramingShape For(IReadOnlyList<string> names)
    {
        if (names.SequenceEqual(Names))
            return this;
        var own = new KeypointNames(Names);
        double[] points = new double[names.Count * 2];
        for (int k = 0; k < names.Count; k++)
        {
            if (own.Find(names[k]) is int index and >= 0)
                (points[2 * k], points[(2 * k) + 1]) = (Points[2 * index], Points[(2 * index) + 1]);
        }

        return new FramingShape(names, points);
    }

    /// <inheritdoc/>
    public bool Equals(FramingShape? other) => other is not null && Names.SequenceEqual(other.Names) && Points.SequenceEqual(other.Points);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names.Count, Points.Count > 0 ? Points[0] : 0);
}
