namespace KeypointPipeline.Images.Placing;

/// <summary>Counts the points of an instance whose position is known.</summary>
internal static class KnownPoints
{
    /// <summary>Counts the points without NaN.</summary>
    /// <param name="points">K·2 coordinates (x, y).</param>
    public static int Count(ReadOnlySpan<float> points)
    {
        int count = 0;
        for (int i = 0; i < points.Length; i += 2)
            count += float.IsNaN(points[i]) || float.IsNaN(points[i + 1]) ? 0 : 1;
        return count;
    }
}
