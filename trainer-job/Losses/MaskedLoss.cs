using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Losses;

/// <summary>The training loss for rows in which any label may be missing.</summary>
/// <remarks>
/// <para>With B rows in the batch, and S_k the share of the drawn rows that label keypoint k:
/// loss = 1/(B·K) · Σ_n Σ_k w_nk · (ρ(Δx_nk) + ρ(Δy_nk)) / 2, where w_nk is min(1 / S_k, <see cref="LargestWeight"/>) for a row's own
/// label, <see cref="TaughtWeight"/> for a teacher's label, and 0 if there is neither, and ρ is the Huber function with
/// <c>beta</c> = 1/64 of the frame's width, divided by beta.</para>
/// <para>That is <see cref="ErrorMeasure.BalancedHuber"/>. Every keypoint counts the same however often it is labelled, as in the
/// validation error. In a mean over a batch's labels, keypoints that every row labels would drown the others. The weights belong to the
/// data set, not to the batch, so a lone label in a batch does not get the whole batch's weight.</para>
/// <para><see cref="ErrorMeasure.Squared"/> is the plain kind: the mean of ρ(e) = (e/beta)² over the labels of the batch.</para>
/// </remarks>
public sealed class MaskedLoss : IDisposable
{
    /// <summary>The largest weight of a label, relative to a label that every row has.</summary>
    public const float LargestWeight = 20;

    /// <summary>The weight of a teacher's label, relative to a label that every row has: that of a keypoint that half of the drawn rows
    /// label.</summary>
    public const float TaughtWeight = 2;

    private readonly Tensor _weights;
    private readonly double _beta;
    private readonly ErrorMeasure _measure;

    /// <summary>Creates the loss and counts the data set's labels.</summary>
    /// <param name="keypoints">N×K×2 training labels, NaN = missing.</param>
    /// <param name="shares">N, float64: each row's share of the drawn rows.</param>
    /// <param name="frameWidth">Frame width, pixels.</param>
    /// <param name="measure">How an error becomes a loss.</param>
    public MaskedLoss(Tensor keypoints, Tensor shares, int frameWidth, ErrorMeasure measure = ErrorMeasure.BalancedHuber)
    {
        _measure = measure;
        using DisposeScope scope = NewDisposeScope();
        Tensor labelled = Present(keypoints).to_type(ScalarType.Float64).mul(shares.unsqueeze(-1)).sum([0L]);
        _weights = labelled.clamp_min(1 / LargestWeight).reciprocal().to_type(ScalarType.Float32).unsqueeze(-1).DetachFromDisposeScope();
        _beta = frameWidth / 64.0;
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="predicted">B×K×2, frame pixels.</param>
    /// <param name="labels">B×K×2, frame pixels; NaN = missing. Missing labels contribute neither value nor gradient.</param>
    /// <param name="taught">B×K×1: which labels are a teacher's; null if none are.</param>
    /// <returns>A scalar, finite even if all labels are missing.</returns>
    public Tensor Compute(Tensor predicted, Tensor labels, Tensor? taught = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor present = Present(labels).unsqueeze(-1);
        // Replace missing labels before the subtraction: NaN times zero is NaN, in the gradient too.
        Tensor target = where(present, labels, predicted.detach());
        if (_measure == ErrorMeasure.Squared)
        {
            Tensor squares = ((predicted - target) / _beta).square().sum();
            return (squares / (2 * present.sum()).clamp_min(1)).MoveToOuterDisposeScope();
        }

        Tensor loss = nn.functional.smooth_l1_loss(predicted, target, reduction: nn.Reduction.None, beta: _beta);
        Tensor weights = taught is null ? _weights : where(taught, TaughtWeight, _weights);
        return (loss * weights).mean().MoveToOuterDisposeScope();
    }

    /// <summary>N×K: whether both coordinates of a label are present.</summary>
    internal static Tensor Present(Tensor labels)
    {
        using Tensor missing = labels.isnan();
        using Tensor any = missing.any(-1);
        return any.logical_not();
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}

/// <summary>How an error becomes a loss. See <see cref="MaskedLoss"/>.</summary>
public enum ErrorMeasure
{
    /// <summary>The Huber function, with labels weighted so that all keypoints count the same.</summary>
    BalancedHuber,

    /// <summary>The square, with equal weights for all labels.</summary>
    Squared,
}
