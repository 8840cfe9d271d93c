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
    /// <exception cref="InvalidDataException">The dataset has no keypoint of the model, or the model predicts a value that is not a finite
    /// number. The message names the columns of both, or row and keypoint.</exception>
    public static EvaluationResult Evaluate(KeypointModel model, PreparedDataset dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        SchemaRows.RequireAny(dataset.Manifest, model.Schema, "the model");
        IEnumerable<PlannedRow> all = Enumerable.Range(0, dataset.Rows).Select(row => new PlannedRow(0, row, row));
        return Evaluate(model, [dataset], all, compared: null, errors: null, cancellationToken);
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
