namespace KeypointPipeline.Finding;

/// <summary>Finds that see the same face.</summary>
internal static class Overlap
{
    /// <summary>Boxes of the same face overlap by more than this: intersection by union.</summary>
    private const double SameFace = 0.3;

    /// <summary>A box that lies inside another by more than this share of the smaller one is of the same face.</summary>
    private const double Inside = 0.6;

    /// <summary>Joins what a network sees of the same face in one window: the mean of boxes and points, weighted by score, and the highest score
    /// (weighted non-maximum suppression, Bazarevsky et al., BlazeFace, 2019).</summary>
    public static IEnumerable<FaceCandidate> Join(IEnumerable<FaceCandidate> candidates)
    {
        List<FaceCandidate> rest = [.. candidates.OrderByDescending(candidate => candidate.Score)];
        while (rest.Count > 0)
        {
            FaceCandidate best = rest[0];
            List<FaceCandidate> same = rest.FindAll(other => ReferenceEquals(other, best) || OfUnion(best, other) > SameFace);
            rest.RemoveAll(same.Contains);
            yield return new FaceCandidate(best.Score, Mean(same));
        }
    }

    /// <summary>Keeps the best find of each face among those of several windows.</summary>
    public static IReadOnlyList<FaceCandidate> Merge(IEnumerable<FaceCandidate> candidates)
    {
        var kept = new List<FaceCandidate>();
        foreach (FaceCandidate candidate in candidates.OrderByDescending(candidate => candidate.Score))
        {
            if (!kept.Exists(other => OfUnion(other, candidate) > SameFace || Intersection(other, candidate) > Inside * Math.Min(other.Area, candidate.Area)))
                kept.Add(candidate);
        }

        return kept;
    }

    /// <summary>Returns the intersection of two boxes by their union, 0 to 1.</summary>
    public static double OfUnion(FaceCandidate a, FaceCandidate b)
    {
        double intersection = Intersection(a, b);
        return intersection / (a.Area + b.Area - intersection);
    }

    private static double Intersection(FaceCandidate a, FaceCandidate b)
    {
        double width = Math.Min(a.Left + a.Width, b.Left + b.Width) - Math.Max(a.Left, b.Left);
        double height = Math.Min(a.Top + a.Height, b.Top + b.Height) - Math.Max(a.Top, b.Top);
        return Math.Max(width, 0) * Math.Max(height, 0);
    }

    private static double[] Mean(List<FaceCandidate> candidates)
    {
        double sum = candidates.Sum(candidate => candidate.Score);
        double[] mean = new double[FaceCandidate.Length];
        foreach (FaceCandidate candidate in candidates)
        {
            for (int i = 0; i < mean.Length; i++)
                mean[i] += candidate.Numbers[i] * candidate.Score / sum;
        }

        return mean;
    }
}
