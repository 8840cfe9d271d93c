using KeypointPipeline.Datasets;
using KeypointPipeline.Models;

namespace KeypointPipeline.Evaluation;

/// <summary>Evaluates a model on labelled rows.</summary>
public static class ModelEvaluator
{
    /// <summary>Rows predicted together: one batch for each of up to 16 threads.</summary>
    private const int RowsAtOnce = 16 * KeypointModel.BatchSize;

    /// <summary>Predicts rows of one dataset and compares them with their labels. See the other overload.</summary>
    public static EvaluationResult Evaluate(
        KeypointModel model, PreparedDataset dataset, Func<ulong, bool>? includesSplitKey, CancellationToken cancellationToken) =>
        Evaluate(model, [dataset], includesSplitKey, cancellationToken);

    /// <summary>Predicts rows of datasets and compares them with their labels.</summary>
    /// <param name="model">The model.</param>
    /// <param name="datasets">Datasets with the model's schema.</param>
    /// <param name="includesSplitKey">Selects rows by their split key, for example <see cref="DatasetSplit.IsValidation"/>; null selects
    /// all rows.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDataException">A dataset's keypoints or frame differ from the model's, or the model predicts a value that
    /// is not a finite number. The message names both schemas, or row and keypoint.</exception>
    public static EvaluationResult Evaluate(
        KeypointModel model,
        IReadOnlyList<PreparedDataset> datasets,
        Func<ulong, bool>? includesSplitKey,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(datasets);
        var score = new EvaluationScore(model.Schema, model.HasUncertainty, model.Metadata.SparseOffsets);
        foreach (PreparedDataset dataset in datasets)
        {
            if (!model.Schema.Equals(dataset.Manifest.Schema))
            {
                throw new InvalidDataException(
                    $"The model predicts {model.Schema}, but the dataset has {dataset.Manifest.Schema}. Names, order and frame must be the same.");
            }

            Add(score, model, dataset, includesSplitKey, cancellationToken);
        }

        return score.Result();
    }

    private static void Add(
        EvaluationScore score,
        KeypointModel model,
        PreparedDataset dataset,
        Func<ulong, bool>? includesSplitKey,
        CancellationToken cancellationToken)
    {
        int coordinates = model.Schema.Count * 2;
        int lengths = model.HasUncertainty ? model.Schema.Count : 0;
        byte[] images = new byte[RowsAtOnce * model.Schema.FrameSize];
        float[] predicted = new float[RowsAtOnce * coordinates];
        float[] uncertainties = new float[RowsAtOnce * lengths];
        int[] rows = new int[RowsAtOnce];
        int count = 0;
        for (int row = 0; row < dataset.Rows; row++)
        {
            if (includesSplitKey is not null && !includesSplitKey(dataset.SplitKey(row)))
                continue;
            dataset.Image(row).CopyTo(images.AsSpan(count * model.Schema.FrameSize));
            rows[count++] = row;
            if (count == rows.Length)
                Flush();
        }

        Flush();

        void Flush()
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.Predict(
                images.AsMemory(0, count * model.Schema.FrameSize),
                count,
                predicted.AsMemory(0, count * coordinates),
                uncertainties.AsMemory(0, count * lengths));
            for (int i = 0; i < count; i++)
            {
                Span<float> points = predicted.AsSpan(i * coordinates, coordinates);
                ThrowIfNoNumbers(points, model, dataset, rows[i]);
                score.Add(points, dataset.Keypoints(rows[i]), uncertainties.AsSpan(i * lengths, lengths));
            }

            count = 0;
        }
    }

    private static void ThrowIfNoNumbers(ReadOnlySpan<float> points, KeypointModel model, PreparedDataset dataset, int row)
    {
        for (int i = 0; i < points.Length; i++)
        {
            if (!float.IsFinite(points[i]) && !model.Metadata.Gaps.Unlabelled.Contains(model.Schema.Names[i / 2], StringComparer.Ordinal))
            {
                throw new InvalidDataException(
                    $"The model predicts {points[i]} for keypoint '{model.Schema.Names[i / 2]}' in row {dataset.SourceRow(row):N0} "
                    + $"of {dataset.Manifest.Source}; a number of pixels is expected.");
            }
        }
    }
}
