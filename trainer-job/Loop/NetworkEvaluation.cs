using KeypointPipeline.TrainerJob.Losses;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Evaluates a network on rows that it does not train on.</summary>
public static class NetworkEvaluation
{
    private const int BatchRows = 64;

    /// <summary>A keypoint with fewer labels than this is not calibrated.</summary>
    private const long FewestLabels = 20;

    /// <summary>Root mean squared error of a network in training, over all labelled coordinates, frame pixels. It does not average over
    /// mirror images, which would double the cost of the evaluation after every epoch.</summary>
    /// <param name="network">In evaluation mode, on the device of the rows.</param>
    /// <param name="data">Rows with labels.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>Null if no row has a label.</returns>
    public static double? Rmse(KeypointNetwork network, TrainingData data, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        return Rmse(OverAll(network.forward, data, data.Device, cancellationToken), data.Keypoints);
    }

    /// <summary>Evaluates a network as it will be exported, and calibrates its expected errors: for each keypoint, their mean square
    /// becomes that of the actual errors.</summary>
    /// <param name="network">On the CPU, in evaluation mode.</param>
    /// <param name="data">Rows with labels.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>Root mean squared error over all labelled coordinates, frame pixels; null if no row has a label.</returns>
    public static double? Finish(KeypointNetwork network, TrainingData data, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = data.Keypoints.cpu();
        using IDisposable noGradients = no_grad();
        network.ErrorScale.fill_(1);
        Tensor predicted = OverAll(images => network.Predict(images), data, CPU, cancellationToken);
        if (predicted.shape[2] == 3)
            network.ErrorScale.copy_(ErrorScale(predicted, labels));
        return Rmse(predicted, labels);
    }

    private static Tensor OverAll(Func<Tensor, Tensor> predict, TrainingData data, Device device, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        var batches = new List<Tensor>();
        for (int start = 0; start < data.Rows; start += BatchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batches.Add(predict(data.Images.narrow(0, start, Math.Min(BatchRows, data.Rows - start)).to(device)));
        }

        return cat(batches, 0).MoveToOuterDisposeScope();
    }

    private static double? Rmse(Tensor predicted, Tensor labels)
    {
        Tensor present = MaskedLoss.Present(labels).unsqueeze(-1);
        long coordinates = 2 * present.sum().item<long>();
        return coordinates == 0 ? null : Math.Sqrt(Squares(predicted, labels, present).sum().item<double>() / coordinates);
    }

    private static Tensor ErrorScale(Tensor predicted, Tensor labels)
    {
        Tensor present = MaskedLoss.Present(labels);
        Tensor made = Squares(predicted, labels, present.unsqueeze(-1)).mean([-1L]).sum([0L]);
        Tensor expected = where(present, predicted.select(2, 2).square(), 0f).sum([0L]);
        return where(present.sum([0L]) >= FewestLabels, (made / expected.clamp_min(1e-12)).sqrt(), 1.0);
    }

    private static Tensor Squares(Tensor predicted, Tensor labels, Tensor present) =>
        where(present, predicted.narrow(2, 0, 2) - labels, 0f).to_type(ScalarType.Float64).square();
}
