using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;

namespace KeypointPipeline.Evaluation;

/// <summary>Evaluates a model on labelled rows.</summary>
public static class ModelEvaluator
{
    /// <summary>Predicts all rows of a dataset and compares them with their labels. Keypoints are matched by name, and frames of another
    /// size are resampled to the model's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">A dataset with at least one keypoint of the model.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <param name="instances">Receives the figures of each row, in order; null for none.</param>
    /// <exception cref="InvalidDataException">The dataset has no keypoint of the model, or the model predicts a value that is not a finite
    /// number. The message names the columns of both, or row and keypoint.</exception>
    public static EvaluationResult Evaluate(KeypointModel model, PreparedDataset dataset, CancellationToken cancellationToken, Action<InstanceError>? instances = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        SchemaRows.RequireAny(dataset.Manifest, model.Schema, "the model");
        var evaluation = new ModelEvaluation(model, [dataset], compared: null, errors: null, instances);
        for (int row = 0; row < dataset.Rows; row++)
            evaluation.Add(new PlannedRow(0, row, row), cancellationToken);
        return evaluation.Finish(cancellationToken);
    }

    /// <summary>Predicts rows of datasets and compares them with their labels.</summary>
    /// <param name="model">The model.</param>
    /// <param name="datasets">The datasets, in the order of the row plan.</param>
    /// <param name="rows">The rows to predict.</param>
    /// <param name="compared">For each keypoint of the model, whether it counts in <paramref name="errors"/>; null counts all. The result
    /// covers all keypoints.</param>
    /// <param name="errors">Receives the error of each row, in the order of <paramref name="rows"/>; null for none.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDataException">The model predicts a value that is not a finite number. The message names row and
    /// keypoint.</exception>
    public static EvaluationResult Evaluate(
        KeypointModel model,
        IReadOnlyList<IDatasetRows> datasets,
        IEnumerable<PlannedRow> rows,
        IReadOnlyList<bool>? compared,
        ICollection<RowError>? errors,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(datasets);
        ArgumentNullException.ThrowIfNull(rows);
        var evaluation = new ModelEvaluation(model, datasets, compared, errors);
        foreach (PlannedRow row in rows)
            evaluation.Add(row, cancellationToken);
        return evaluation.Finish(cancellationToken);
    }
}
