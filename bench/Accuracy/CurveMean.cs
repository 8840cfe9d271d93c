namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Averages the curves of several seeds.</summary>
internal static class CurveMean
{
    /// <summary>Averages the curves at the seconds of the first one. Values between two measurements are interpolated linearly; beyond its
    /// ends a curve keeps its end value.</summary>
    /// <param name="curves">At least one, each with at least one point.</param>
    public static IReadOnlyList<(double Seconds, double Rmse)> Of(IReadOnlyList<IReadOnlyList<CurvePoint>> curves) =>
        [.. curves[0].Select(point => (point.Seconds, curves.Average(curve => At(curve, point.Seconds))))];

    private static double At(IReadOnlyList<CurvePoint> curve, double seconds)
    {
        int after = 0;
        while (after < curve.Count && curve[after].Seconds < seconds)
            after++;
        if (after == 0 || after == curve.Count)
            return curve[Math.Min(after, curve.Count - 1)].Rmse;
        CurvePoint left = curve[after - 1];
        CurvePoint right = curve[after];
        return left.Rmse + ((right.Rmse - left.Rmse) * (seconds - left.Seconds) / (right.Seconds - left.Seconds));
    }
}
