using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

/// <summary>Label offsets against residuals as a network that already finds everything but the offsets leaves them.</summary>
public sealed class LabelOffsetsTests : IDisposable
{
    private const int Rows = 400;
    private const int SparseFrom = 200;

    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "mouth_left", "mouth_right", "nose"], 96, 96);

    private readonly TrainingData _data = Data();
    private readonly KeypointNetwork _network = NetworkRegistry.Create("ml-resnet-small", Schema);
    private readonly Random _random = new(5);

    [Fact]
    public void Labels_that_lie_beside_where_mirroring_puts_them_are_found_out_and_allowed_for()
    {
        using DisposeScope scope = NewDisposeScope();
        using var offsets = new LabelOffsets(_data, _network);
        float[,] labelled = { { 1, 0.5f }, { 1, -0.5f }, { 0.8f, 0 }, { 0.8f, 0 }, { 1.2f, 0 } };

        Assert.True(LargestLeftover(offsets, labelled, sparse: new float[5, 2]) > 1);
        LearnFrom(offsets, labelled, sparse: new float[5, 2]);

        Near(labelled, _network.Offset, within: 0.15);
        Assert.Equal(0, _network.SparseOffset.abs().max().item<float>());
        Assert.InRange(LargestLeftover(offsets, labelled, sparse: new float[5, 2]), 0, 0.3);
    }

    [Fact]
    public void Sparse_rows_labelled_by_another_rule_are_found_out_and_allowed_for()
    {
        using DisposeScope scope = NewDisposeScope();
        using var offsets = new LabelOffsets(_data, _network);
        float[,] sparse = { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 3 } };

        LearnFrom(offsets, new float[5, 2], sparse);

        Near(sparse, _network.SparseOffset, within: 0.15);
        Assert.Equal(0, _network.Offset.abs().max().item<float>());
        Assert.InRange(LargestLeftover(offsets, new float[5, 2], sparse), 0, 0.3);
    }

    [Fact]
    public void Chance_alone_is_no_offset()
    {
        using DisposeScope scope = NewDisposeScope();
        using var offsets = new LabelOffsets(_data, _network);

        LearnFrom(offsets, new float[5, 2], new float[5, 2]);

        Assert.Equal(0, _network.Offset.abs().max().item<float>());
        Assert.Equal(0, _network.SparseOffset.abs().max().item<float>());
    }

    [Fact]
    public void What_was_found_stays_where_nothing_is_left()
    {
        using DisposeScope scope = NewDisposeScope();
        using var offsets = new LabelOffsets(_data, _network);
        float[,] labelled = { { 1, 0 }, { 1, 0 }, { 1, 0 }, { 1, 0 }, { 1, 0 } };
        for (int epoch = 0; epoch < 3; epoch++)
            LearnFrom(offsets, labelled, new float[5, 2]);

        Near(labelled, _network.Offset, within: 0.15);
    }

    [Fact]
    public void A_handful_of_rows_teaches_no_offset()
    {
        using DisposeScope scope = NewDisposeScope();
        using var offsets = new LabelOffsets(_data, _network);
        float[,] labelled = { { 5, 0 }, { 5, 0 }, { 5, 0 }, { 5, 0 }, { 5, 0 } };
        Tensor rows = arange(0, 40, ScalarType.Int64);
        Tensor mirrored = rows.remainder(2).eq(1);

        offsets.Observe(rows, mirrored, Residuals(offsets, rows, mirrored, labelled, new float[5, 2]));
        offsets.Learn();

        Assert.Equal(0, _network.Offset.abs().max().item<float>());
    }

    public void Dispose()
    {
        _data.Dispose();
        _network.Dispose();
    }

    /// <summary>Every row twice, once mirrored: labels lie at the network's own finding (0) plus the offsets and noise.</summary>
    private void LearnFrom(LabelOffsets offsets, float[,] labelled, float[,] sparse)
    {
        Tensor rows = arange(0, Rows, ScalarType.Int64);
        foreach (bool turned in new[] { false, true })
        {
            Tensor mirrored = full([Rows], turned, ScalarType.Bool);
            offsets.Observe(rows, mirrored, Residuals(offsets, rows, mirrored, labelled, sparse));
        }

        offsets.Learn();
    }

    private Tensor Residuals(LabelOffsets offsets, Tensor rows, Tensor mirrored, float[,] labelled, float[,] sparse)
    {
        long n = rows.shape[0];
        Tensor noise = tensor(Enumerable.Range(0, (int)n * 10).Select(_ => (float)(_random.NextDouble() - 0.5)).ToArray()).reshape(n, 5, 2);
        Tensor labels = Labels(rows, mirrored, labelled, sparse) + noise;
        Tensor missing = _data.Keypoints.index_select(0, rows).isnan();
        return where(missing, float.NaN, labels - (_network.Offset + offsets.Of(rows, mirrored)));
    }

    private double LargestLeftover(LabelOffsets offsets, float[,] labelled, float[,] sparse)
    {
        Tensor rows = arange(0, Rows, ScalarType.Int64);
        Tensor mirrored = rows.remainder(2).eq(1);
        Tensor left = Labels(rows, mirrored, labelled, sparse) - (_network.Offset + offsets.Of(rows, mirrored));
        return where(_data.Keypoints.isnan(), 0f, left).abs().max().item<float>();
    }

    private static Tensor Labels(Tensor rows, Tensor mirrored, float[,] labelled, float[,] sparse)
    {
        Tensor isSparse = (rows >= SparseFrom).reshape(-1, 1, 1);
        Tensor asIs = tensor(labelled) + where(isSparse, tensor(sparse), 0f);
        Tensor turned = asIs.index_select(1, tensor(Schema.MirrorMap.Select(k => (long)k).ToArray())) * tensor([-1f, 1f]);
        return where(mirrored.reshape(-1, 1, 1), turned, asIs);
    }

    private static void Near(float[,] expected, Tensor actual, double within) =>
        Assert.InRange((tensor(expected) - actual).abs().max().item<float>(), 0, within);

    /// <summary>200 rows with all labels, 200 with only the first eye and the nose.</summary>
    private static TrainingData Data()
    {
        float[] keypoints = new float[Rows * 10];
        for (int row = SparseFrom; row < Rows; row++)
            keypoints.AsSpan((row * 10) + 2, 6).Fill(float.NaN);
        return TrainingData.Create(Schema, new byte[Rows * Schema.FrameSize], keypoints, CPU);
    }
}
