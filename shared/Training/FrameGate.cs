namespace KeypointPipeline.Training;

/// <summary>Up to which uncertainty a model takes a frame for one like those of its training, calibrated on the validation rows. A frame's
/// uncertainty is the root mean square of the expected errors of its keypoints.</summary>
/// <param name="Found">The limit for a face that was found, frame pixels: the 99th percentile of the validation rows.</param>
/// <param name="Whole">The limit for a whole picture on which nothing was found, frame pixels: the 95th percentile. It is stricter, because
/// only the model says that there is a face.</param>
public sealed record FrameGate(double Found, double Whole)
{
    private const double FoundShare = 0.99;
    private const double WholeShare = 0.95;

    /// <summary>Calibrates the gate.</summary>
    /// <param name="rows">Uncertainties of validation rows.</param>
    /// <returns>Null without rows.</returns>
    public static FrameGate? Of(IEnumerable<double> rows)
    {
        double[] sorted = [.. rows.Order()];
        return sorted.Length == 0 ? null : new FrameGate(At(FoundShare), At(WholeShare));

        double At(double share) => sorted[(int)Math.Floor(share * (sorted.Length - 1))];
    }
}
