using KeypointPipeline.TrainerJob.Losses;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Labels for the keypoints that rows leave out. The teacher, which is the averaged network, predicts them on the rows' images
/// without augmentation, averaged over mirror images. Its errors at the labelled keypoints correct them
/// (<see cref="ResidualCovariance"/>). The network learns them under augmentation, so that every image teaches every keypoint.</summary>
/// <remarks>An averaged network as teacher: Tarvainen and Valpola, "Mean teachers are better role models", 2017. The labels are
/// kept for several epochs, because predicting them in every step would cost a third of the step.</remarks>
public sealed class TeacherLabels : IDisposable
{
    private readonly TrainingData _data;
    private readonly LabelOffsets _offsets;
    private readonly ScalarType _precision;
    private readonly int _batchRows;
    private readonly Tensor _mirror;
    private readonly Tensor _missing;
    private readonly Tensor _labels;

    /// <summary>Starts without labels.</summary>
    /// <param name="data">All training rows.</param>
    /// <param name="offsets">The offsets of the rows' own labels.</param>
    /// <param name="precision">The precision of the teacher.</param>
    /// <param name="batchRows">Rows to predict at once.</param>
    public TeacherLabels(TrainingData data, LabelOffsets offsets, ScalarType precision, int batchRows)
    {
        using DisposeScope scope = NewDisposeScope();
        _data = data;
        _offsets = offsets;
        _precision = precision;
        _batchRows = batchRows;
        _mirror = tensor(data.Schema.MirrorMap.Select(k => (long)k).ToArray()).to(data.Device).DetachFromDisposeScope();
        _missing = MaskedLoss.Present(data.Keypoints).logical_not().DetachFromDisposeScope();
        _labels = full_like(data.Keypoints, float.NaN).DetachFromDisposeScope();
    }

    /// <summary>Predicts all missing labels anew.</summary>
    /// <param name="teacher">In evaluation mode, on the device of the rows.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public void Refresh(KeypointNetwork teacher, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        if (!_missing.any().item<bool>())
            return;
        using IDisposable noGradients = no_grad();
        Tensor found = InBatches(rows => Find(teacher, rows), cancellationToken);
        Tensor residuals = _data.Keypoints - found;
        using var covariance = new ResidualCovariance(residuals, _data.Schema.FrameWidth);
        Tensor expected = InBatches(rows => covariance.Expect(residuals.index_select(0, rows)), cancellationToken);
        _labels.copy_(where(_missing.unsqueeze(-1), found + expected, float.NaN));
    }

    /// <summary>Fills in a batch's missing labels.</summary>
    /// <param name="rows">B row numbers.</param>
    /// <param name="labels">B×K×2, the rows' own labels, frame pixels; NaN = missing.</param>
    /// <returns>B×K×2; NaN before the first <see cref="Refresh"/>.</returns>
    public Tensor FillIn(Tensor rows, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        return where(Missing(rows), _labels.index_select(0, rows), labels).MoveToOuterDisposeScope();
    }

    /// <summary>The keypoints of a batch that the rows themselves do not label.</summary>
    /// <param name="rows">B row numbers.</param>
    /// <param name="mirrored">B: whether the row was mirrored, which turns left keypoints into right ones.</param>
    /// <returns>B×K×1.</returns>
    public Tensor Taught(Tensor rows, Tensor mirrored)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor missing = Missing(rows);
        return where(mirrored.reshape(-1, 1, 1), missing.index_select(1, _mirror), missing).MoveToOuterDisposeScope();
    }

    /// <summary>The teacher's labels of all rows, for a checkpoint: N·K·2 float32.</summary>
    public byte[] Save()
    {
        using Tensor labels = _labels.cpu();
        return labels.bytes.ToArray();
    }

    /// <summary>Restores the labels that <see cref="Save"/> returned.</summary>
    public void Load(ReadOnlySpan<byte> saved)
    {
        using Tensor labels = zeros_like(_labels, device: CPU);
        saved.CopyTo(labels.bytes);
        _labels.copy_(labels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in new[] { _mirror, _missing, _labels })
            tensor.Dispose();
    }

    /// <summary>The teacher's prediction of all labels of some rows, with the rows' offsets: B×K×2.</summary>
    private Tensor Find(KeypointNetwork teacher, Tensor rows)
    {
        Tensor found = teacher.Predict(_data.Images.index_select(0, rows), _precision).narrow(2, 0, 2);
        return found + _offsets.Of(rows, zeros(rows.shape[0], ScalarType.Bool, rows.device));
    }

    private Tensor InBatches(Func<Tensor, Tensor> compute, CancellationToken cancellationToken)
    {
        var batches = new List<Tensor>();
        for (long start = 0; start < _data.Rows; start += _batchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor rows = arange(start, Math.Min(start + _batchRows, _data.Rows), ScalarType.Int64, _data.Device);
            batches.Add(compute(rows).MoveToOuterDisposeScope());
        }

        return cat(batches, 0);
    }

    private Tensor Missing(Tensor rows) => _missing.index_select(0, rows).unsqueeze(-1);
}
