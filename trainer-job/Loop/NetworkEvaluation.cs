using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Losses;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Evaluates a network on rows that it does not train on. Rows that label few keypoints may follow another labelling rule: they
/// are compared under that rule, with <see cref="KeypointNetwork.SparseOffset"/> added to the predictions. Keypoints that no training
/// row labels are not compared.</summary>
public static class NetworkEvaluation
{
    /// <summary>Root mean squared error of a network in training, over all labelled coordinates, frame pixels. It does not average over
    /// mirror images, which would double the cost of the evaluation after every epoch.</summary>
    /// <param name="network">In evaluation mode, on the device of the rows.</param>
    /// <param name="data">Rows with labels.</param>
    /// <param name="batchRows">Rows to predict at once.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>Null if no row has a label.</returns>
    public static double? Rmse(KeypointNetwork network, TrainingData data, int batchRows, CancellationToken cancellationToken) =>
        Rmse(network.forward, network, data, batchRows, cancellationToken);

    /// <summary>Root mean squared error of a network averaged over each image and its mirror image, whether or not its exported model
    /// averages.</summary>
    /// <param name="network">In evaluation mode, on the device of the rows.</param>
    /// <param name="data">Rows with labels.</param>
    /// <param name="batchRows">Rows to predict at once.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>Over all labelled coordinates, frame pixels; null if no row has a label.</returns>
    internal static double? MirroredRmse(KeypointNetwork network, TrainingData data, int batchRows, CancellationToken cancellationToken) =>
        Rmse(images => network.PredictOver(images, ScalarType.Float32, averagesFlips: true), network, data, batchRows, cancellationToken);

    /// <summary>Evaluates a network as it will be exported, and calibrates its expected errors: for each keypoint, their mean square
    /// becomes that of the actual errors.</summary>
    /// <param name="network">On the CPU, in evaluation mode.</param>
    /// <param name="data">Rows with labels.</param>
    /// <param name="batchRows">Rows to predict at once.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>Its error and its gate.</returns>
    public static FinishedNetwork Finish(KeypointNetwork network, TrainingData data, int batchRows, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = data.Keypoints.cpu();
        Tensor labels = network.WithoutUnlabelled(rows, dimension: 1);
        using IDisposable noGradients = no_grad();
        network.ErrorScale.fill_(1);
        Tensor predicted = OverAll(images => network.Predict(images), data, CPU, batchRows, cancellationToken);
        Tensor compared = UnderRowsRule(predicted, network, rows);
        FrameGate? gate = null;
        if (predicted.shape[2] == 3)
        {
            Tensor expected = predicted.select(2, 2);
            network.ErrorScale.copy_(ErrorScale(compared, expected, labels));
            gate = Gate(expected * network.ErrorScale);
        }

        return new FinishedNetwork(Rmse(compared, labels), gate);
    }

    /// <summary>The keypoints of which enough rows say where they are to calibrate their expected errors.</summary>
    /// <param name="data">The validation rows.</param>
    /// <returns>K flags.</returns>
    public static bool[] AreCalibrated(TrainingData data)
    {
        using DisposeScope scope = NewDisposeScope();
        return (MaskedLoss.Present(data.Keypoints).sum([0L]) >= LabelGaps.FewestLabels).cpu().data<bool>().ToArray();
    }

    private static Tensor OverAll(Func<Tensor, Tensor> predict, TrainingData data, Device device, int batchRows, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        var batches = new List<Tensor>();
        for (int start = 0; start < data.Rows; start += batchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batches.Add(predict(data.Images.narrow(0, start, Math.Min(batchRows, data.Rows - start)).to(device)));
        }

        return cat(batches, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The predicted points, N×K×2, as the rule of each row labels them.</summary>
    /// <param name="predicted">N×K×2 or more, frame pixels.</param>
    /// <param name="network">The network that predicted them.</param>
    /// <param name="rows">N×K×2, all labels of the rows; NaN = missing.</param>
    private static Tensor UnderRowsRule(Tensor predicted, KeypointNetwork network, Tensor rows)
    {
        int keypoints = network.Schema.Count;
        Tensor labelled = MaskedLoss.Present(rows).sum([1L]);
        Tensor sparse = (labelled <= SparseOffsets.MostLabels(keypoints)).reshape(-1, 1, 1);
        return predicted.narrow(2, 0, 2) + where(sparse, network.SparseOffset, 0f);
    }

    private static double? Rmse(
        Func<Tensor, Tensor> predict, KeypointNetwork network, TrainingData data, int batchRows, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor predicted = OverAll(predict, data, data.Device, batchRows, cancellationToken);
        return Rmse(UnderRowsRule(predicted, network, data.Keypoints), network.WithoutUnlabelled(data.Keypoints, dimension: 1));
    }

    private static double? Rmse(Tensor predicted, Tensor labels)
    {
        Tensor present = MaskedLoss.Present(labels).unsqueeze(-1);
        long coordinates = 2 * present.sum().item<long>();
        return coordinates == 0 ? null : Math.Sqrt(Squares(predicted, labels, present).sum().item<double>() / coordinates);
    }

    private static Tensor ErrorScale(Tensor predicted, Tensor expectedErrors, Tensor labels)
    {
        Tensor present = MaskedLoss.Present(labels);
        Tensor made = Squares(predicted, labels, present.unsqueeze(-1)).mean([-1L]).sum([0L]);
        Tensor expected = where(present, expectedErrors.square(), 0f).sum([0L]);
        return where(present.sum([0L]) >= LabelGaps.FewestLabels, (made / expected.clamp_min(1e-12)).sqrt(), 1.0);
    }

    /// <param name="expectedErrors">N×K, calibrated; NaN for keypoints without predictions.</param>
    private static FrameGate? Gate(Tensor expectedErrors)
    {
        int keypoints = (int)expectedErrors.shape[1];
        return FrameGate.Of(expectedErrors.data<float>().ToArray().Chunk(keypoints).Select(row => FrameUncertainty.RootMeanSquare(row)).OfType<double>());
    }

    private static Tensor Squares(Tensor predicted, Tensor labels, Tensor present) =>
        where(present, predicted - labels, 0f).to_type(ScalarType.Float64).square();
}

/// <summary>What the validation rows say of a finished network.</summary>
/// <param name="Rmse">Root mean squared error over all labelled coordinates, frame pixels; null if no row has a label.</param>
/// <param name="Gate">Its <see cref="ModelMetadata.Gate"/>; null if it does not estimate errors.</param>
public sealed record FinishedNetwork(double? Rmse, FrameGate? Gate);
