namespace KeypointPipeline.Bench.Accuracy;

/// <summary>One curve from the curves of several seeds.</summary>
internal static class CurveMean
{
    /// <summary>Their mean at the seconds of the first, each taken on the straight line between its measurements, and its end value
    /// beyond its ends.</summary>
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
