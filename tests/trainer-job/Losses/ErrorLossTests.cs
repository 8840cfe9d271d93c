using KeypointPipeline.TrainerJob.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Losses;

public sealed class ErrorLossTests
{
    [Fact]
    public void It_is_lowest_where_the_expected_error_is_the_root_mean_square_made()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor residuals = tensor(new float[] { 3, 0, 0, 4, -1, 2, 5, 1 }).reshape(4, 1, 2);
        double made = Math.Sqrt(residuals.square().mean().item<float>());

        double At(double error) => ErrorLoss.Compute(full([4, 1], (float)Math.Log(error)), residuals).item<float>();

        Assert.True(At(made) < At(made * 1.1));
        Assert.True(At(made) < At(made / 1.1));
    }

    [Fact]
    public void Missing_labels_count_for_nothing_and_leave_the_gradient_finite()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logErrors = zeros(2, 2).requires_grad_();
        Tensor residuals = tensor(new[] { 1f, 1f, float.NaN, 2f, float.NaN, float.NaN, float.NaN, float.NaN }).reshape(2, 2, 2);

        Tensor loss = ErrorLoss.Compute(logErrors, residuals);
        loss.backward();

        Assert.Equal(0.5, loss.item<float>(), tolerance: 1e-6);
        Assert.Equal([0f, 0f, 0f, 0f], logErrors.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_batch_without_labels_costs_nothing()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.Equal(0, ErrorLoss.Compute(zeros(2, 3), full([2, 3, 2], float.NaN)).item<float>());
    }
}
