namespace KeypointPipeline.Evaluation.Photos;

/// <summary>Says which predicted instance of a picture is which labelled one. The definition is in <c>docs/measuring.md</c>: it compares place
/// and size of the points, not their accuracy, so that a found instance with a large error counts as found, and its error counts too.</summary>
public static class InstanceMatching
{
    /// <summary>The fewest points that a predicted and a labelled instance must have in common.</summary>
    public const int FewestPoints = 2;

    /// <summary>The largest distance of the means, in radii of the labelled points.</summary>
    public const double MostDistance = 1;

    /// <summary>The largest factor between the radii.</summary>
    public const double MostRatio = 2;

    /// <summary>Matches instances. Each is matched at most once. The nearest pairs are matched first, by the distance of the means in radii
    /// of the labelled points; of pairs at one distance, the first in the lists.</summary>
    /// <param name="found">K·2 coordinates of each predicted instance, in pixels of the picture; NaN if a point is missing.</param>
    /// <param name="labelled">The same of each labelled instance.</param>
    /// <returns>For each labelled instance the index of its prediction, or -1.</returns>
    public static int[] Match(IReadOnlyList<float[]> found, IReadOnlyList<float[]> labelled)
    {
        var pairs = new List<(double Distance, int Found, int Labelled)>();
        for (int f = 0; f < found.Count; f++)
        {
            for (int l = 0; l < labelled.Count; l++)
            {
                if (Distance(found[f], labelled[l]) is double distance)
                    pairs.Add((distance, f, l));
            }
        }

        pairs.Sort();
        int[] matches = new int[labelled.Count];
        Array.Fill(matches, -1);
        bool[] taken = new bool[found.Count];
        foreach ((_, int f, int l) in pairs)
        {
            if (taken[f] || matches[l] >= 0)
                continue;
            taken[f] = true;
            matches[l] = f;
        }

        return matches;
    }

    /// <summary>Whether a labelled instance has enough points to be matched at all.</summary>
    /// <param name="labelled">K·2 coordinates.</param>
    public static bool CanMatch(ReadOnlySpan<float> labelled) => PointCloud.Of(labelled) is { Points: >= FewestPoints, Radius: > 0 };

    /// <summary>Distance of the means in radii of the labelled points; null if the two cannot be the same instance.</summary>
    private static double? Distance(float[] found, float[] labelled)
    {
        (PointCloud place, PointCloud truth) = PointCloud.OfCommon(found, labelled);
        if (truth.Points < FewestPoints || truth.Radius <= 0)
            return null;
        double distance = place.DistanceTo(truth) / truth.Radius;
        double ratio = place.Radius / truth.Radius;
        return distance <= MostDistance && ratio is >= 1 / MostRatio and <= MostRatio ? distance : null;
    }
}
