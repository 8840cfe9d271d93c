namespace KeypointPipeline.Models;

/// <summary>How uncertain a model is about a whole frame. On frames that show something else than the training's, the uncertainty of a model
/// is larger.</summary>
public static class FrameUncertainty
{
    /// <summary>Returns a frame's uncertainty.</summary>
    /// <param name="errors">The expected error of each keypoint, frame pixels; NaN for keypoints without prediction.</param>
    /// <returns>The root mean square over the finite errors, frame pixels; null if there are none.</returns>
    public static double? RootMeanSquare(ReadOnlySpan<float> errors)
    {
        double sum = 0;
        int count = 0;
        foreach (float error in errors)
        {
            if (!float.IsFinite(error))
                continue;
            sum += (double)error * error;
            count++;
        }

        return count == 0 ? null : Math.Sqrt(sum / count);
    }
}
