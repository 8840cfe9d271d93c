using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Losses;

/// <summary>Trains the expected errors of keypoints. It is the negative log-likelihood of a normal distribution around the prediction.
/// Source: Nix and Weigend, "Estimating the mean and variance of the target probability distribution", 1994, equation 2.</summary>
/// <remarks>The loss is the mean over the present labels of ln e + r²/(2e²). Here e is the expected error and r² = (Δx² + Δy²)/2. It is lowest
/// if e is the root mean square of r over keypoints that look alike.</remarks>
public static class ErrorLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="logErrors">B×K, ln e, e in frame pixels.</param>
    /// <param name="residuals">B×K×2, label minus prediction, frame pixels; NaN = missing. They receive no gradient.</param>
    /// <returns>A scalar; 0 if all labels are missing.</returns>
    public static Tensor Compute(Tensor logErrors, Tensor residuals)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor present = MaskedLoss.Present(residuals);
        Tensor squared = where(present.unsqueeze(-1), residuals.detach(), 0f).square().mean([-1L]);
        Tensor loss = logErrors + (squared * (-2 * logErrors).exp() / 2);
        return (where(present, loss, 0f).sum() / present.sum().clamp_min(1)).MoveToOuterDisposeScope();
    }
}
