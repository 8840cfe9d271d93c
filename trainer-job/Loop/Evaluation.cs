using KeypointPipeline.TrainerJob.Losses;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Measures a network in training.</summary>
public static class Evaluation
{
    private const int BatchRows = 64;

    /// <summary>Root mean squared error over all labelled coordinates, frame pixels.</summary>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="data">Rows with labels.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>Null where no row has a label.</returns>
    public static double? Rmse(KeypointNetwork network, TrainingData data, CancellationToken cancellationToken)
    {
        using IDisposable noGradients = no_grad();
        double squares = 0;
        long coordinates = 0;
        for (int start = 0; start < data.Rows; start += BatchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            int rows = Math.Min(BatchRows, data.Rows - start);
            Tensor labels = data.Keypoints.narrow(0, start, rows);
            Tensor predicted = network.forward(data.Images.narrow(0, start, rows)).narrow(2, 0, 2);
            Tensor present = MaskedLoss.Present(labels).unsqueeze(-1);
            Tensor errors = where(present, predicted - labels, 0f).to_type(ScalarType.Float64);
            squares += errors.square().sum().item<double>();
            coordinates += 2 * present.sum().item<long>();
        }

        return coordinates == 0 ? null : Math.Sqrt(squares / coordinates);
    }
}
