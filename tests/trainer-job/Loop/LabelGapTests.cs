using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Onnx;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

/// <summary>Trainings whose rows leave keypoints out, or label some rows by another rule.</summary>
public sealed class LabelGapTests
{
    private const int Mouth = 2;

    private static readonly TrainingSettings Settings = new(Epochs: 30, Seed: 3, Network: "ml-resnet-small", BatchSize: 16);

    [Fact]
    public void A_keypoint_that_nobody_labelled_has_no_prediction_in_the_exported_model()
    {
        using TrainingData training = Change(TinyFaces.Create(rows: 40, seed: 1), labels => labels.select(1, Mouth).fill_(float.NaN));
        using TrainingData validation = TinyFaces.Create(rows: 30, seed: 2);
        using TrainingSession session = Train(Settings with { Epochs = 2 }, training, validation);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        var metadata = new ModelMetadata(TinyFaces.Schema, Settings.Network, session.BestRmse, "f") { Gaps = session.Gaps };
        try
        {
            OnnxExporter.Export(session.Best, metadata, path);
            using KeypointModel model = KeypointModel.Open(path);
            float[] points = new float[6];
            model.Predict(new byte[TinyFaces.Schema.FrameSize], 1, points);

            Assert.Equal(["mouth"], model.Metadata.Gaps.Unlabelled);
            Assert.Empty(model.Metadata.Gaps.Uncalibrated);
            Assert.All(points[..4], value => Assert.True(float.IsFinite(value)));
            Assert.All(points[4..], value => Assert.True(float.IsNaN(value)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_keypoint_learns_from_the_labels_of_its_partner_in_mirrored_images()
    {
        using TrainingData training = Change(TinyFaces.Create(rows: 40, seed: 1), labels => labels.select(1, 0).fill_(float.NaN));
        using var session = new TrainingSession(Settings, training, validation: null);

        Assert.Empty(session.Gaps.Unlabelled);
    }

    [Fact]
    public void Without_validation_rows_no_keypoint_is_calibrated()
    {
        using TrainingData training = TinyFaces.Create(rows: 40, seed: 1);
        using var session = new TrainingSession(Settings, training, validation: null);

        Assert.Equal(TinyFaces.Schema.Names, session.Gaps.Uncalibrated);
    }

    [Fact]
    public void The_reported_error_is_the_true_error_where_sparse_rows_follow_another_rule()
    {
        using TrainingData training = TwoRules(rows: 240, seed: 1);
        using TrainingData validation = TwoRules(rows: 120, seed: 2);
        using TrainingData truth = TinyFaces.Create(rows: 120, seed: 2);
        using TrainingSession session = Train(Settings, training, validation);

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Tensor compared = validation.Keypoints.isnan().logical_not() & truth.Keypoints.isnan().logical_not();
        Tensor errors = where(compared, session.Best.Predict(validation.Images).narrow(2, 0, 2) - truth.Keypoints, 0f);
        double trueRmse = Math.Sqrt(errors.square().sum().item<float>() / compared.sum().item<long>());
        Assert.InRange(session.BestRmse!.Value / trueRmse, 0.95, 1.05);
        Assert.InRange(session.Best.SparseOffset[Mouth, 1].item<float>(), 2.5, 3.5);
    }

    private static TrainingSession Train(TrainingSettings settings, TrainingData training, TrainingData validation)
    {
        var session = new TrainingSession(settings, training, validation);
        while (!session.IsDone)
            session.RunEpoch(CancellationToken.None);
        session.Finish(CancellationToken.None);
        return session;
    }

    /// <summary>Every other row labels the mouth alone, 3 px lower than the other rows do.</summary>
    private static TrainingData TwoRules(int rows, int seed) => Change(TinyFaces.Create(rows, seed), labels =>
    {
        Tensor odd = arange(1, rows, 2, ScalarType.Int64);
        labels[TensorIndex.Tensor(odd), TensorIndex.Slice(0, Mouth)] = float.NaN;
        labels.select(1, Mouth).select(1, 1).index_add_(0, odd, full(odd.shape[0], 3f), 1);
    });

    private static TrainingData Change(TrainingData data, Action<Tensor> change)
    {
        change(data.Keypoints);
        return data;
    }
}
