using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Losses;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Finds constant offsets in the labels that a network cannot learn from the images, and keeps them in the network next to
/// its weights. There are two per keypoint: one between images and their mirror images, and one between rows that label many keypoints
/// and rows that label few.</summary>
/// <remarks>
/// <para>Labels need not be mirror-symmetric. If a labeller puts all points a little to the right, a mirrored row has them a little
/// to the left. A network trained on both settles between them and is off by the whole offset on real images. With labels
/// l = f(image) + o, a mirrored row's labels are f(mirrored image) + R·o, where R swaps left and right keypoints and the sign of x.</para>
/// <para>Rows that label few keypoints (at most half of them: sparse rows) may come from another labeller with other rules. In
/// Kaggle's data, for example, they mark the nose lower than the other rows do. Their labels are f(image) + o + s.</para>
/// <para>After every epoch, o and s move by the epoch's mean residuals, which makes them least-squares estimates. An offset counts only
/// if it is significant (<see cref="StandardErrors"/>). In addition, s counts only above <see cref="SmallestShare"/> of the frame, so
/// that both kinds of rows are treated alike if they agree.</para>
/// </remarks>
public sealed class LabelOffsets : IDisposable
{
    /// <summary>An offset of fewer standard errors than this counts as zero.</summary>
    private const double StandardErrors = 4;

    /// <summary>An offset of sparse rows below this share of the frame's width counts as zero.</summary>
    private const double SmallestShare = 1.0 / 320;

    /// <summary>With fewer labels than this, an offset counts as zero.</summary>
    private const double FewestLabels = 50;

    // Groups of rows: 0 complete, 1 complete and mirrored, 2 sparse, 3 sparse and mirrored.
    private const int Groups = 4;

    private readonly KeypointNetwork _network;
    private readonly Tensor _sparse;
    private readonly Tensor _mirror;
    private readonly Tensor _turn;
    private readonly Tensor _counts;
    private readonly Tensor _sums;
    private readonly Tensor _squares;

    /// <summary>Starts with the offsets that the network has.</summary>
    /// <param name="data">All training rows.</param>
    /// <param name="network">The network that keeps the offsets.</param>
    public LabelOffsets(TrainingData data, KeypointNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        _network = network;
        int keypoints = data.Schema.Count;
        Tensor labels = MaskedLoss.Present(data.Keypoints).to_type(ScalarType.Int64).sum([1L]);
        _sparse = (labels <= SparseOffsets.MostLabels(keypoints)).DetachFromDisposeScope();
        _mirror = tensor(data.Schema.MirrorMap.Select(k => (long)k).ToArray()).to(data.Device).DetachFromDisposeScope();
        _turn = tensor([-1f, 1f]).to(data.Device).DetachFromDisposeScope();
        _counts = zeros(Groups, keypoints, ScalarType.Float64, data.Device).DetachFromDisposeScope();
        _sums = zeros([Groups, keypoints, 2], ScalarType.Float64, data.Device).DetachFromDisposeScope();
        _squares = zeros([Groups, keypoints, 2], ScalarType.Float64, data.Device).DetachFromDisposeScope();
    }

    /// <summary>The offsets that take the network's keypoints of a batch to its rows' labels.</summary>
    /// <param name="rows">B row numbers.</param>
    /// <param name="mirrored">B: whether the row was mirrored.</param>
    /// <returns>B×K×2 frame pixels.</returns>
    public Tensor Of(Tensor rows, Tensor mirrored)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor turned = mirrored.reshape(-1, 1, 1);
        Tensor sparse = _sparse.index_select(0, rows).reshape(-1, 1, 1);
        Tensor asMirrored = where(turned, Mirrored(_network.Offset) - _network.Offset, 0f);
        Tensor asSparse = where(turned, Mirrored(_network.SparseOffset), _network.SparseOffset);
        return (asMirrored + where(sparse, asSparse, 0f)).MoveToOuterDisposeScope();
    }

    /// <summary>Records the residuals of a batch.</summary>
    /// <param name="rows">B row numbers.</param>
    /// <param name="mirrored">B: whether the row was mirrored.</param>
    /// <param name="residuals">B×K×2, label minus keypoint with <see cref="Of"/> added, frame pixels; NaN = missing.</param>
    public void Observe(Tensor rows, Tensor mirrored, Tensor residuals)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor group = mirrored.to_type(ScalarType.Int64) + (2 * _sparse.index_select(0, rows).to_type(ScalarType.Int64));
        Tensor member = group.unsqueeze(0).eq(arange(Groups, device: rows.device).unsqueeze(1)).to_type(ScalarType.Float64);
        Tensor present = MaskedLoss.Present(residuals);
        Tensor known = where(present.unsqueeze(-1), residuals, 0f).to_type(ScalarType.Float64);
        _counts.add_(member.matmul(present.to_type(ScalarType.Float64)));
        _sums.add_(member.matmul(known.flatten(1)).reshape(_sums.shape));
        _squares.add_(member.matmul(known.square().flatten(1)).reshape(_squares.shape));
    }

    /// <summary>Moves the network's offsets by the residuals recorded since the last call, and clears these.</summary>
    public void Learn()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        LearnMirrorOffset();
        LearnSparseOffset();
        _counts.zero_();
        _sums.zero_();
        _squares.zero_();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in new[] { _sparse, _mirror, _turn, _counts, _sums, _squares })
            tensor.Dispose();
    }

    private void LearnMirrorOffset()
    {
        Residuals asIs = Group(0).And(Group(2));
        Residuals mirrored = Group(1).And(Group(3));
        Residuals both = asIs.And(mirrored);

        // Only the part that changes sign under R can be told apart from what the network has yet to learn.
        Tensor difference = (asIs.Mean - mirrored.Mean) / 2;
        Tensor total = _network.Offset + ((difference - Mirrored(difference)) / 2);
        Tensor error = (both.Variance / both.Count.clamp_min(1)).sqrt();
        Tensor beyondChance = total.abs() > StandardErrors * maximum(error, error.index_select(0, _mirror));
        Tensor seen = minimum(asIs.Count, mirrored.Count);
        Tensor enough = minimum(seen, seen.index_select(0, _mirror)) >= FewestLabels;
        _network.Offset.copy_(where(beyondChance & enough, total, 0.0));
    }

    private void LearnSparseOffset()
    {
        Residuals dense = Group(0).And(MirroredBack(Group(1)));
        Residuals sparse = Group(2).And(MirroredBack(Group(3)));
        Tensor total = _network.SparseOffset + (sparse.Mean - dense.Mean);
        Tensor error = ((dense.Variance / dense.Count.clamp_min(1)) + (sparse.Variance / sparse.Count.clamp_min(1))).sqrt();
        Tensor beyondChance = total.abs() > (StandardErrors * error).clamp_min(SmallestShare * _network.Schema.FrameWidth);
        Tensor enough = minimum(dense.Count, sparse.Count) >= FewestLabels;
        _network.SparseOffset.copy_(where(beyondChance & enough, total, 0.0));
    }

    private Residuals Group(int group) => new(_counts[group].unsqueeze(-1), _sums[group], _squares[group]);

    private Residuals MirroredBack(Residuals residuals) => new(
        residuals.Count.index_select(0, _mirror), Mirrored(residuals.Sum), residuals.Squares.index_select(0, _mirror));

    /// <summary>R of the remarks, on K×2.</summary>
    private Tensor Mirrored(Tensor offset) => offset.index_select(0, _mirror) * _turn;

    /// <summary>Sums over labels: counts K×1, the others K×2.</summary>
    private sealed record Residuals(Tensor Count, Tensor Sum, Tensor Squares)
    {
        public Tensor Mean => Sum / Count.clamp_min(1);

        public Tensor Variance => ((Squares / Count.clamp_min(1)) - Mean.square()).clamp_min(0);

        public Residuals And(Residuals other) => new(Count + other.Count, Sum + other.Sum, Squares + other.Squares);
    }
}
