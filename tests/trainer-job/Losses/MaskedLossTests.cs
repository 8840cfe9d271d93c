using FsCheck;
using FsCheck.Xunit;
using KeypointPipeline.TrainerJob.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Losses;

public sealed class MaskedLossTests
{
    private const int Rows = 6;
    private const int Keypoints = 4;

    [Property(MaxTest = 30)]
    public void A_missing_label_has_no_gradient_and_a_present_one_has(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor predicted, Tensor labels, Tensor missing) = Draw(seed);
        using var loss = Of(labels);

        loss.Compute(predicted, labels).backward();

        Tensor gradient = predicted.grad!;
        Assert.True(gradient.isfinite().all().item<bool>());
        Assert.True((gradient == 0).logical_not().logical_xor(missing).all().item<bool>());
    }

    [Property(MaxTest = 30)]
    public void What_is_predicted_for_a_missing_label_changes_nothing(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor predicted, Tensor labels, Tensor missing) = Draw(seed);
        using var loss = Of(labels);

        float before = loss.Compute(predicted, labels).item<float>();
        float after = loss.Compute(where(missing, predicted + 1000, predicted), labels).item<float>();

        Assert.Equal(before, after);
    }

    [Fact]
    public void A_label_with_one_coordinate_is_missing_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = tensor(new[] { float.NaN, 3f, 5f, 5f }).reshape(1, 2, 2);
        Tensor predicted = tensor(new[] { 9f, 9f, 5f, 5f }).reshape(1, 2, 2);
        using var loss = Of(labels);

        Assert.Equal(0, loss.Compute(predicted, labels).item<float>());
    }

    [Fact]
    public void A_batch_without_any_label_costs_nothing_and_is_finite()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = full([2, 3, 2], float.NaN);
        Tensor predicted = zeros(2, 3, 2).requires_grad_();
        using var loss = Of(labels);

        Tensor value = loss.Compute(predicted, labels);
        value.backward();

        Assert.Equal(0, value.item<float>());
        Assert.True((predicted.grad! == 0).all().item<bool>());
    }

    [Fact]
    public void Every_keypoint_counts_the_same_however_often_it_is_labelled()
    {
        using DisposeScope scope = NewDisposeScope();

        // Keypoint 0 is labelled in all ten rows, keypoint 1 in one of ten; all are wrong by the same.
        Tensor labels = zeros(10, 2, 2);
        labels[TensorIndex.Slice(1, null), 1] = float.NaN;
        Tensor predicted = ones(10, 2, 2).requires_grad_();
        using var loss = Of(labels);

        loss.Compute(predicted, labels).backward();

        Tensor perKeypoint = predicted.grad!.sum([0L, 2L]);
        Assert.Equal(perKeypoint[0].item<float>(), perKeypoint[1].item<float>(), tolerance: 1e-5f);
    }

    [Fact]
    public void Rows_drawn_more_often_weigh_their_keypoints_less()
    {
        using DisposeScope scope = NewDisposeScope();

        // Keypoint 1 is labelled in one row of two, which is three of four rows drawn.
        Tensor labels = tensor(new[] { 0f, 0f, 0f, 0f, 0f, 0f, float.NaN, float.NaN }).reshape(2, 2, 2);
        Tensor shares = tensor(new[] { 0.75, 0.25 });
        Tensor predicted = ones(2, 2, 2).requires_grad_();
        using var loss = new MaskedLoss(labels, shares, frameWidth: 96);

        loss.Compute(predicted, labels).backward();

        Assert.Equal(4 / 3f, (predicted.grad![0, 1, 0] / predicted.grad[0, 0, 0]).item<float>(), tolerance: 1e-5f);
    }

    [Fact]
    public void A_teachers_label_counts_the_same_however_rare_the_keypoints_own_labels_are()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = zeros(2, 2, 2);
        labels[1, 1] = float.NaN;
        using MaskedLoss loss = Of(labels);
        Tensor taught = labels.isnan().any(-1, keepdim: true);
        Tensor predicted = ones(2, 2, 2).requires_grad_();

        loss.Compute(predicted, zeros(2, 2, 2), taught).backward();

        Tensor gradient = predicted.grad!;
        float taughtOnes = gradient[1, 1, 0].item<float>() / MaskedLoss.TaughtWeight;
        Assert.Equal(2, gradient[0, 1, 0].item<float>() / taughtOnes, tolerance: 1e-5f); // half of the rows label it
        Assert.Equal(1, gradient[0, 0, 0].item<float>() / taughtOnes, tolerance: 1e-5f);
    }

    private static MaskedLoss Of(Tensor labels)
    {
        using Tensor shares = full([labels.shape[0]], 1.0 / labels.shape[0], ScalarType.Float64);
        return new MaskedLoss(labels, shares, frameWidth: 96);
    }

    private static (Tensor Predicted, Tensor Labels, Tensor Missing) Draw(int seed)
    {
        using var random = new Generator((ulong)seed);
        Tensor missing = (rand(Rows, Keypoints, 1, generator: random) < 0.4).expand(Rows, Keypoints, 2);
        Tensor labels = where(missing, float.NaN, rand(Rows, Keypoints, 2, generator: random) * 96);
        return ((rand(Rows, Keypoints, 2, generator: random) * 96).requires_grad_(), labels, missing);
    }
}
