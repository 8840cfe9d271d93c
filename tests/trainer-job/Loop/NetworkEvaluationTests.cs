using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

/// <summary>Rows whose labels lie at a fixed distance from the predictions of a network without training: 40 rows label all keypoints,
/// 40 label only the nose, and those labels lie 4 px lower.</summary>
public sealed class NetworkEvaluationTests : IDisposable
{
    private const int Rows = 80;
    private const int SparseFrom = 40;
    private const int Nose = 2;
    private const float Rule = 4;

    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "nose"], 32, 32);

    private readonly KeypointNetwork _network = NetworkRegistry.Create("pyramid-resnet", Schema);

    public NetworkEvaluationTests()
    {
        _network.Initialize(3);
        _network.eval();
        _network.SparseOffset[Nose, 1] = Rule;
    }

    [Fact]
    public void Sparse_rows_are_compared_under_their_own_labelling_rule()
    {
        using TrainingData data = Data(error: 1);

        Assert.Equal(Math.Sqrt(0.5), NetworkEvaluation.Rmse(_network, data, EpochPlan.MostEvaluationRows, CancellationToken.None)!.Value, 1e-4);
    }

    [Fact]
    public void Sparse_rows_do_not_inflate_the_calibrated_uncertainty()
    {
        using TrainingData data = Data(error: 1, mirrored: true);

        double? rmse = NetworkEvaluation.Finish(_network, data, EpochPlan.MostEvaluationRows, CancellationToken.None).Rmse;

        using Tensor predicted = _network.Predict(data.Images);
        using Tensor expected = predicted.select(2, 2).square().mean([0L]).sqrt();
        Assert.Equal(Math.Sqrt(0.5), rmse!.Value, 1e-4);
        Assert.Equal(Math.Sqrt(0.5), expected[Nose].item<float>(), 1e-3);
    }

    [Fact]
    public void The_gate_lies_at_the_upper_end_of_the_calibrated_uncertainty_of_the_validation_rows()
    {
        _network.Unlabelled = [Nose];
        using TrainingData data = Data(error: 1, mirrored: true);

        FrameGate gate = NetworkEvaluation.Finish(_network, data, EpochPlan.MostEvaluationRows, CancellationToken.None).Gate!;

        using Tensor predicted = _network.Predict(data.Images);
        using Tensor eyes = predicted.select(2, 2).narrow(1, 0, 2).square().mean([1L]).sqrt();
        double[] rows = [.. eyes.data<float>().ToArray().Select(value => (double)value)];
        Assert.InRange(gate.Found, rows.Order().ElementAt(Rows * 9 / 10), rows.Max() * 1.2);
        Assert.InRange(gate.Whole, rows.Order().ElementAt(Rows / 2), gate.Found);
    }

    [Fact]
    public void Keypoints_that_no_training_row_labels_are_not_compared()
    {
        _network.Unlabelled = [Nose];
        using TrainingData data = Data(error: 1, noseError: 30);

        Assert.Equal(Math.Sqrt(0.5), NetworkEvaluation.Rmse(_network, data, EpochPlan.MostEvaluationRows, CancellationToken.None)!.Value, 1e-4);
        using TrainingData exported = Data(error: 1, mirrored: true, noseError: 30);
        Assert.Equal(Math.Sqrt(0.5), NetworkEvaluation.Finish(_network, exported, EpochPlan.MostEvaluationRows, CancellationToken.None).Rmse!.Value, 1e-4);
    }

    [Fact]
    public void A_keypoint_with_fewer_than_twenty_labels_is_not_calibrated()
    {
        using TrainingData data = Data(error: 1, rows: SparseFrom + 19, from: SparseFrom);

        Assert.Equal([false, false, false], NetworkEvaluation.AreCalibrated(data));
        using TrainingData one = Data(error: 1, rows: SparseFrom + 20, from: SparseFrom);
        Assert.Equal([false, false, true], NetworkEvaluation.AreCalibrated(one));
    }

    public void Dispose() => _network.Dispose();

    /// <summary>Labels at the predictions plus <paramref name="error"/> in x, and for sparse rows plus the rule in y.</summary>
    private TrainingData Data(float error, bool mirrored = false, float? noseError = null, int rows = Rows, int from = 0)
    {
        var random = new Random(4);
        byte[] images = new byte[Rows * Schema.FrameSize];
        random.NextBytes(images);
        return TrainingData.Create(
            Schema, images[(from * Schema.FrameSize)..(rows * Schema.FrameSize)], Labels(images, error, mirrored, noseError)[(from * 6)..(rows * 6)], CPU);
    }

    private float[] Labels(byte[] images, float error, bool mirrored, float? noseError)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Tensor pixels = tensor(images).reshape(Rows, Schema.FrameHeight, Schema.FrameWidth);
        int[] unlabelled = [.. _network.Unlabelled];
        _network.Unlabelled = [];
        Tensor labels = (mirrored ? _network.Predict(pixels) : _network.forward(pixels)).narrow(2, 0, 2).clone();
        _network.Unlabelled = unlabelled;
        labels.select(2, 0).add_(error);
        labels.select(1, Nose).select(1, 0).add_((noseError ?? error) - error);
        labels.narrow(0, SparseFrom, Rows - SparseFrom).select(1, Nose).select(1, 1).add_(Rule);
        labels.narrow(0, SparseFrom, Rows - SparseFrom).narrow(1, 0, Nose).fill_(float.NaN);
        return labels.data<float>().ToArray();
    }
}
