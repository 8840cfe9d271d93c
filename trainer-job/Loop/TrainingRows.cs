using KeypointPipeline.Datasets;
using TorchSharp;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The training and validation rows of a run.</summary>
public sealed class TrainingRows : IDisposable
{
    /// <summary>With fewer held-out rows than this, all rows are trained on and there is no validation.</summary>
    public const int FewestValidationRows = 10;

    private TrainingRows(TrainingData training, TrainingData? validation)
    {
        Training = training;
        Validation = validation;
    }

    /// <summary>The training rows.</summary>
    public TrainingData Training { get; }

    /// <summary>The validation rows; null if there are too few.</summary>
    public TrainingData? Validation { get; }

    /// <summary>Reads prepared datasets into memory.</summary>
    /// <param name="folders">Their folders, at least one.</param>
    /// <param name="validationFolders">Datasets to validate on, while all rows of <paramref name="folders"/> are trained on; null holds
    /// out the rows that <see cref="DatasetSplit"/> chooses.</param>
    /// <param name="device">The device that receives the rows.</param>
    /// <exception cref="InvalidDataException">A folder holds no prepared dataset, or the datasets differ in keypoints or frame.</exception>
    public static TrainingRows Load(IReadOnlyList<string> folders, IReadOnlyList<string>? validationFolders, torch.Device device)
    {
        var opened = new List<PreparedDataset>();
        try
        {
            List<PreparedDataset> datasets = Open(folders);
            List<PreparedDataset> measured = Open(validationFolders ?? []);
            RequireOneSchema(opened);
            return validationFolders is null
                ? HoldOut(datasets, device)
                : new TrainingRows(TrainingData.Load(datasets, AllRows, device)!, TrainingData.Load(measured, AllRows, device));
        }
        finally
        {
            opened.ForEach(dataset => dataset.Dispose());
        }

        List<PreparedDataset> Open(IReadOnlyList<string> paths)
        {
            foreach (string path in paths)
                opened.Add(PreparedDataset.Open(path));
            return opened[^paths.Count..];
        }
    }

    private static bool AllRows(ulong splitKey) => true;

    private static TrainingRows HoldOut(List<PreparedDataset> datasets, torch.Device device)
    {
        TrainingData? validation = TrainingData.Load(datasets, DatasetSplit.IsValidation, device);
        TrainingData? training = TrainingData.Load(datasets, key => !DatasetSplit.IsValidation(key), device);
        if (training is not null && validation?.Rows >= FewestValidationRows)
            return new TrainingRows(training, validation);
        validation?.Dispose();
        training?.Dispose();
        return new TrainingRows(TrainingData.Load(datasets, AllRows, device)!, null);
    }

    private static void RequireOneSchema(List<PreparedDataset> datasets)
    {
        foreach (PreparedDataset dataset in datasets)
        {
            if (!dataset.Manifest.Schema.Equals(datasets[0].Manifest.Schema))
            {
                throw new InvalidDataException(
                    $"{datasets[0].Manifest.Source} has {datasets[0].Manifest.Schema} and {dataset.Manifest.Source} has "
                    + $"{dataset.Manifest.Schema}, or other names: datasets of one training need the same columns and frame.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        Validation?.Dispose();
    }
}
