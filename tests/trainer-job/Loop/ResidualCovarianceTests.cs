using FsCheck.Xunit;
using KeypointPipeline.TrainerJob.Loop;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

public sealed class ResidualCovarianceTests
{
    private const int Rows = 400;

    [Property(MaxTest = 10)]
    public void A_face_put_wrong_at_some_keypoints_is_expected_to_be_wrong_at_the_others(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor residuals = Faces(seed, sharedBy: 1, ownBy: 0.3);
        Tensor sparse = residuals.clone();
        sparse[(Rows / 2).., 2..] = float.NaN;
        using var covariance = new ResidualCovariance(sparse, frameWidth: 96);

        Tensor expected = covariance.Expect(sparse).slice(0, Rows / 2, Rows, 1).slice(1, 2, 4, 1);

        Tensor actual = residuals.slice(0, Rows / 2, Rows, 1).slice(1, 2, 4, 1);
        double left = (actual - expected).square().mean().sqrt().item<float>();
        Assert.InRange(left, 0.2, 0.5 * actual.square().mean().sqrt().item<float>());
    }

    [Property(MaxTest = 10)]
    public void Keypoints_that_go_wrong_each_for_itself_tell_nothing_of_each_other(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sparse = Faces(seed, sharedBy: 0, ownBy: 1);
        sparse[(Rows / 2).., 2..] = float.NaN;
        using var covariance = new ResidualCovariance(sparse, frameWidth: 96);

        Tensor expected = covariance.Expect(sparse).slice(0, Rows / 2, Rows, 1).slice(1, 2, 4, 1);

        Assert.InRange(expected.square().mean().sqrt().item<float>(), 0, 0.3);
    }

    [Fact]
    public void Keypoints_never_labelled_together_and_rows_without_labels_give_numbers_all_the_same()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sparse = Faces(seed: 4, sharedBy: 1, ownBy: 0.3);
        sparse[..200, ..2] = float.NaN;
        sparse[200.., 2..] = float.NaN;
        sparse[0] = float.NaN;
        using var covariance = new ResidualCovariance(sparse, frameWidth: 96);

        Tensor expected = covariance.Expect(sparse);

        Assert.True(expected.isfinite().all().item<bool>());
        Assert.Equal(0, expected[0].abs().max().item<float>());
        Assert.Equal(0, expected[TensorIndex.Slice(200, null), TensorIndex.Slice(2, null)].abs().max().item<float>(), tolerance: 1e-6f);
    }

    [Fact]
    public void One_wrong_label_does_not_move_a_face_out_of_the_frame()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor residuals = Faces(seed: 4, sharedBy: 1, ownBy: 0.3);
        residuals[7, 0] = 80f;
        residuals[7, 1..] = float.NaN;
        using var covariance = new ResidualCovariance(residuals, frameWidth: 96);

        Assert.InRange(covariance.Expect(residuals)[7].abs().max().item<float>(), 0, 6.5f);
    }

    /// <summary>Residuals of four keypoints: a part shared by all of an image, a part of each.</summary>
    private static Tensor Faces(int seed, double sharedBy, double ownBy)
    {
        using var random = new Generator((ulong)seed);
        return (randn(Rows, 1, 2, generator: random) * sharedBy) + (randn(Rows, 4, 2, generator: random) * ownBy);
    }
}
