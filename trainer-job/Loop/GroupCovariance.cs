using KeypointPipeline.TrainerJob.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The covariance of a network's residuals at a group of keypoints, which grows with the square of their number.</summary>
/// <remarks>The mean of a normal distribution given some of its coordinates: Anderson, "An Introduction to Multivariate Statistical
/// Analysis", theorem 2.5.1. Each pair's covariance is taken over the rows that label both. The result need not be a covariance matrix, so
/// negative eigenvalues are set to zero, as in Higham, "Computing the nearest correlation matrix", 2002, section 3.</remarks>
internal sealed class GroupCovariance : IDisposable
{
    /// <summary>Pairs that are labelled together in fewer rows count as independent.</summary>
    private const double FewestRows = 50;

    /// <summary>Covariances are reduced by this share, against chance.</summary>
    private const double Shrinkage = 0.05;

    /// <summary>Residuals are clipped at this share of the frame's width, so that a wrong label does not move a whole face.</summary>
    private const double LargestShare = 1.0 / 16;

    /// <summary>Variance of a label itself, square pixels. Keeps the equations solvable.</summary>
    private const double LabelVariance = 0.01;

    private readonly double _largest;
    private readonly Tensor _mean;
    private readonly Tensor _covariance;

    /// <summary>Estimates the covariance.</summary>
    /// <param name="residuals">N×K×2, label minus prediction, frame pixels; NaN = missing.</param>
    /// <param name="frameWidth">Frame width, pixels.</param>
    public GroupCovariance(Tensor residuals, int frameWidth)
    {
        using DisposeScope scope = NewDisposeScope();
        _largest = LargestShare * frameWidth;
        (Tensor values, Tensor present) = Flatten(residuals);
        _mean = (values.sum([0L]) / present.sum([0L]).clamp_min(1)).DetachFromDisposeScope();
        Tensor centred = (values - _mean) * present;
        Tensor together = present.t().matmul(present);
        Tensor pairs = where(together >= FewestRows, centred.t().matmul(centred) / together.clamp_min(1), 0.0);
        (Tensor eigenvalues, Tensor eigenvectors) = linalg.eigh(pairs);
        Tensor nearest = (eigenvectors * eigenvalues.clamp_min(0)).matmul(eigenvectors.t());
        _covariance = ((nearest * (1 - Shrinkage)) + (nearest.diagonal().diag() * Shrinkage)).DetachFromDisposeScope();
    }

    /// <summary>The expected residuals at all keypoints, given those at the labelled keypoints.</summary>
    /// <param name="residuals">N×K×2 frame pixels; NaN = missing.</param>
    /// <returns>float32 N×K×2, relative to the mean residual; 0 if no keypoint is labelled.</returns>
    public Tensor Expect(Tensor residuals)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor values, Tensor present) = Flatten(residuals);
        Tensor centred = (values - _mean) * present;

        // One system of equations per image. The equations of missing keypoints set their weights to 0. The systems are positive definite;
        // their LU factors came out wrong for 128 keypoints while other threads computed ("oneMKL ERROR: Parameter 6 … DLASWP").
        Tensor known = _covariance * present.unsqueeze(1) * present.unsqueeze(2);
        Tensor system = known + diag_embed((present * LabelVariance) + (1 - present));
        Tensor weights = cholesky_solve(centred.unsqueeze(2), linalg.cholesky(system));
        return _covariance.matmul(weights).reshape(residuals.shape).to_type(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _covariance.Dispose();
    }

    /// <summary>N×2K values, 0 if missing, and whether they are present, both float64.</summary>
    private (Tensor Values, Tensor Present) Flatten(Tensor residuals)
    {
        Tensor present = MaskedLoss.Present(residuals).unsqueeze(-1).expand_as(residuals);
        Tensor values = where(present, residuals, 0f).clamp(-_largest, _largest);
        return (values.flatten(1).to_type(ScalarType.Float64), present.flatten(1).to_type(ScalarType.Float64));
    }
}
