using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;
using TorchSharp;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The training and validation rows of a run, as its row plan says.</summary>
public sealed class TrainingRows : IDisposable
{
    private TrainingRows(TrainingData training, TrainingData? validation)
    {
        Training = training;
        Validation = validation;
    }

    /// <summary>The training rows.</summary>
    public TrainingData Training { get; }

    /// <summary>The validation rows; null if the plan has none.</summary>
    public TrainingData? Validation { get; }

    /// <summary>Reads rows into memory.</summary>
    /// <param name="datasets">The datasets of the plan, in its order.</param>
    /// <param name="plan">The row plan.</param>
    /// <param name="schema">Keypoints and frame of the training.</param>
    /// <param name="device">The device that receives the rows.</param>
    /// <exception cref="InvalidDataException">The plan belongs to other datasets, or trains on no row.</exception>
    public static TrainingRows Load(IReadOnlyList<PreparedDataset> datasets, RowPlan plan, KeypointSchema schema, torch.Device device)
    {
        plan.RequireFor(datasets);
        var rows = new SchemaRows(datasets, schema);
        TrainingData training = TrainingData.Load(rows, plan.RowsOn(RowSide.Training), device)
            ?? throw new InvalidDataException("The row plan has no row to train on.");
        try
        {
            return new TrainingRows(training, TrainingData.Load(rows, plan.RowsOn(RowSide.Validation), device));
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        Validation?.Dispose();
    }
}
