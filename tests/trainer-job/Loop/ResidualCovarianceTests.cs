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

    [Fact]
    public void Up_to_the_largest_group_every_keypoint_predicts_every_other()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor residuals = Faces(seed: 5, sharedBy: 1, ownBy: 0.3, keypoints: ResidualCovariance.LargestGroup);
        Tensor sparse = residuals.clone();
        sparse[200.., 1..] = float.NaN;
        using var covariance = new ResidualCovariance(sparse, frameWidth: 96);
        using var whole = new GroupCovariance(sparse, frameWidth: 96);

        Assert.Equal(whole.Expect(sparse).bytes.ToArray(), covariance.Expect(sparse).bytes.ToArray());
    }

    [Fact]
    public void Two_thousand_keypoints_are_predicted_in_groups_that_are_spread_over_the_image()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor residuals = Faces(seed: 6, sharedBy: 1, ownBy: 0.3, keypoints: 2000);
        Tensor sparse = residuals.clone();
        sparse[200.., 40..] = float.NaN;
        using var covariance = new ResidualCovariance(sparse, frameWidth: 96);
        long before = PeakMemory();

        Tensor expected = covariance.Expect(sparse[200..264]).slice(1, 40, 2000, 1);

        // One covariance of all keypoints needs 38 GB here.
        Assert.InRange(PeakMemory() - before, 0, 2L << 30);
        Tensor actual = residuals[200..264].slice(1, 40, 2000, 1);
        double left = (actual - expected).square().mean().sqrt().item<float>();
        Assert.InRange(left, 0.2, 0.5 * actual.square().mean().sqrt().item<float>());
    }

    private static long PeakMemory()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>Residuals of keypoints: a part shared by all of an image, a part of each.</summary>
    private static Tensor Faces(int seed, double sharedBy, double ownBy, int keypoints = 4)
    {
        using var random = new Generator((ulong)seed);
        return (randn(Rows, 1, 2, generator: random) * sharedBy) + (randn(Rows, keypoints, 2, generator: random) * ownBy);
    }
}
