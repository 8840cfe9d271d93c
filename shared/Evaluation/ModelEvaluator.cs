using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;

namespace KeypointPipeline.Evaluation;

/// <summary>Evaluates a model on labelled rows.</summary>
public static class ModelEvaluator
{
    /// <summary>Rows predicted together: one batch for each of up to 16 threads.</summary>
    private const int RowsAtOnce = 16 * KeypointModel.BatchSize;

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
        IReadOnlyList<PreparedDataset> datasets,
        IEnumerable<PlannedRow> rows,
        IReadOnlyList<bool>? compared,
        ICollection<RowError>? errors,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(datasets);
        ArgumentNullException.ThrowIfNull(rows);
        var evaluation = new Evaluation(model, new SchemaRows(datasets, model.Schema), compared, errors);
        foreach (PlannedRow[] batch in rows.Chunk(RowsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            evaluation.Add(batch);
        }

        return evaluation.Score.Result();
    }

    private sealed class Evaluation(
        KeypointModel model, SchemaRows rows, IReadOnlyList<bool>? compared, ICollection<RowError>? errors)
    {
        private readonly int _coordinates = model.Schema.Count * 2;
        private readonly int _lengths = model.HasUncertainty ? model.Schema.Count : 0;
        private readonly byte[] _images = new byte[RowsAtOnce * model.Schema.FrameSize];
        private readonly float[] _predicted = new float[RowsAtOnce * model.Schema.Count * 2];
        private readonly float[] _uncertainties = new float[RowsAtOnce * (model.HasUncertainty ? model.Schema.Count : 0)];
        private readonly float[] _labels = new float[model.Schema.Count * 2];

        public EvaluationScore Score { get; } = new(model.Schema, model.HasUncertainty, model.Metadata.SparseOffsets);

        public void Add(PlannedRow[] batch)
        {
            int frame = model.Schema.FrameSize;
            for (int i = 0; i < batch.Length; i++)
                rows.CopyImage(batch[i].Dataset, batch[i].Row, _images.AsSpan(i * frame, frame));
            model.Predict(
                _images.AsMemory(0, batch.Length * frame),
                batch.Length,
                _predicted.AsMemory(0, batch.Length * _coordinates),
                _uncertainties.AsMemory(0, batch.Length * _lengths));
            for (int i = 0; i < batch.Length; i++)
            {
                Span<float> points = _predicted.AsSpan(i * _coordinates, _coordinates);
                ThrowIfNoNumbers(points, batch[i]);
                rows.CopyKeypoints(batch[i].Dataset, batch[i].Row, _labels);
                (double squares, int labelled) = Score.Add(points, _labels, _uncertainties.AsSpan(i * _lengths, _lengths), compared);
                errors?.Add(new RowError(batch[i].Component, squares, 2 * labelled));
            }
        }

        private void ThrowIfNoNumbers(ReadOnlySpan<float> points, PlannedRow row)
        {
            for (int i = 0; i < points.Length; i++)
            {
                if (!float.IsFinite(points[i]) && !model.Metadata.Gaps.Unlabelled.Contains(model.Schema.Names[i / 2], StringComparer.Ordinal))
                {
                    PreparedDataset dataset = rows.Datasets[row.Dataset];
                    throw new InvalidDataException(
                        $"The model predicts {points[i]} for keypoint '{model.Schema.Names[i / 2]}' in row {dataset.SourceRow(row.Row):N0} "
                        + $"of {dataset.Manifest.Source}; a number of pixels is expected.");
                }
            }
        }
    }
}
