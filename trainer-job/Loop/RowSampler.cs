using KeypointPipeline.TrainerJob.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Draws the rows of an epoch. Rows with many labels come up more often than rows with few.</summary>
public sealed class RowSampler : IDisposable
{
    private readonly Tensor _shares;

    /// <summary>Creates a sampler and counts the rows' labels.</summary>
    /// <param name="keypoints">N×K×2 training labels, NaN = missing.</param>
    /// <param name="labelExponent">A row's share of an epoch is proportional to this power of its number of labels: 0 treats all rows
    /// alike, 1 treats all labels alike.</param>
    public RowSampler(Tensor keypoints, double labelExponent)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = MaskedLoss.Present(keypoints).to_type(ScalarType.Float64).sum([1L]);
        Tensor weights = labels.pow(labelExponent);
        Tensor total = weights.sum();
        _shares = where(total > 0, weights / total, 1.0 / keypoints.shape[0]).DetachFromDisposeScope();
    }

    /// <summary>Each row's share of the drawn rows, float64 N; sums to 1.</summary>
    public Tensor Shares => _shares;

    /// <summary>Draws N row numbers in random order. A row comes up N times its share, rounded down or up. If all shares are equal, each
    /// row comes up once (systematic sampling: Madow and Madow, "On the theory of systematic sampling", 1944).</summary>
    /// <param name="random">Generator of random numbers, on the CPU.</param>
    /// <returns>int64 N, on the device of the labels.</returns>
    public Tensor Draw(Generator random)
    {
        using DisposeScope scope = NewDisposeScope();
        long rows = _shares.shape[0];
        Tensor ticks = (arange(rows, ScalarType.Float64) + rand(1, ScalarType.Float64, generator: random)) / rows;
        Tensor drawn = searchsorted(_shares.cpu().cumsum(0), ticks, right: true).clamp_max(rows - 1);
        Tensor order = randperm(rows, generator: random);
        return drawn.index_select(0, order).to(_shares.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _shares.Dispose();
}
