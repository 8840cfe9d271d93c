using System.Runtime.InteropServices;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;

namespace KeypointPipeline.Evaluation;

/// <summary>Evaluates a model on labelled rows that are added one after the other. Rows are predicted in batches of
/// <see cref="RowsAtOnce"/>, so the figures do not depend on where the rows are stored.</summary>
/// <param name="model">The model.</param>
/// <param name="datasets">The datasets, in the order of the row plan. Keypoints are matched by name, and frames of another size are
/// resampled to the model's.</param>
/// <param name="compared">For each keypoint of the model, whether it counts in <paramref name="errors"/>; null counts all. The result
/// covers all keypoints.</param>
/// <param name="errors">Receives the error of each row, in order; null for none.</param>
/// <param name="instances">Receives the figures of each row, in order; null for none.</param>
internal sealed class ModelEvaluation(
    KeypointModel model,
    IReadOnlyList<IDatasetRows> datasets,
    IReadOnlyList<bool>? compared,
    ICollection<RowError>? errors,
    Action<InstanceError>? instances = null)
{
    /// <summary>Rows predicted together: one batch for each of up to 16 threads.</summary>
    private const int RowsAtOnce = 16 * KeypointModel.BatchSize;

    private readonly SchemaRows _schemaRows = new(datasets, model.Schema);
    private readonly EvaluationScore _score = new(model.Schema, model.HasUncertainty, model.Metadata.SparseOffsets);
    private readonly int _coordinates = model.Schema.Count * 2;
    private readonly int _lengths = model.HasUncertainty ? model.Schema.Count : 0;
    private readonly List<AddedRow> _rows = new(RowsAtOnce);
    private readonly byte[] _images = new byte[RowsAtOnce * model.Schema.FrameSize];
    private readonly float[] _labels = new float[RowsAtOnce * model.Schema.Count * 2];
    private readonly float[] _predicted = new float[RowsAtOnce * model.Schema.Count * 2];
    private readonly float[] _uncertainties = new float[RowsAtOnce * (model.HasUncertainty ? model.Schema.Count : 0)];

    /// <summary>Adds a row, which is copied. Predicts the rows added so far if the batch is full.</summary>
    /// <param name="row">The row. Its dataset must be able to read it now.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDataException">The model predicts a value that is not a finite number. The message names row and
    /// keypoint.</exception>
    public void Add(PlannedRow row, CancellationToken cancellationToken)
    {
        int frame = model.Schema.FrameSize;
        _schemaRows.CopyImage(row.Dataset, row.Row, _images.AsSpan(_rows.Count * frame, frame));
        _schemaRows.CopyKeypoints(row.Dataset, row.Row, _labels.AsSpan(_rows.Count * _coordinates, _coordinates));
        _rows.Add(new AddedRow(row, datasets[row.Dataset].SourceRow(row.Row), PictureScale(row)));
        if (_rows.Count == RowsAtOnce)
            Predict(cancellationToken);
    }

    /// <summary>Predicts the rows that are left and returns the figures. Call it once, after the last row.</summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    public EvaluationResult Finish(CancellationToken cancellationToken)
    {
        if (_rows.Count > 0)
            Predict(cancellationToken);
        return _score.Result();
    }

    private void Predict(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        model.Predict(
            _images.AsMemory(0, _rows.Count * model.Schema.FrameSize),
            _rows.Count,
            _predicted.AsMemory(0, _rows.Count * _coordinates),
            _uncertainties.AsMemory(0, _rows.Count * _lengths));
        for (int i = 0; i < _rows.Count; i++)
        {
            Span<float> points = _predicted.AsSpan(i * _coordinates, _coordinates);
            ThrowIfNoNumbers(points, _rows[i].Row, _rows[i].SourceRow);
            RowScore score = _score.Add(
                points, _labels.AsSpan(i * _coordinates, _coordinates), _uncertainties.AsSpan(i * _lengths, _lengths), compared, _rows[i].PictureScale);
            errors?.Add(new RowError(_rows[i].Row.Component, score.ComparedSquares, 2 * score.ComparedPoints));
            instances?.Invoke(Describe(_rows[i], score));
        }

        _rows.Clear();
    }

    private static InstanceError Describe(AddedRow row, RowScore score)
    {
        double? onPicture = score.MeanDistance * row.PictureScale;
        return new InstanceError(
            row.Row.Row, row.SourceRow, score.Points, score.MeanDistance, onPicture is double error && !double.IsNaN(error) ? error : null, score.Nme);
    }

    /// <summary>Pixels of the upright picture per pixel of the model's frame; NaN if the row's pixels were given as a frame.</summary>
    private double PictureScale(PlannedRow row) =>
        datasets[row.Dataset].Place(row.Row) is { Scale: var scale } ? scale * _schemaRows.ScaleOf(row.Dataset) : double.NaN;

    private void ThrowIfNoNumbers(ReadOnlySpan<float> points, PlannedRow row, uint sourceRow)
    {
        for (int i = 0; i < points.Length; i++)
        {
            if (!float.IsFinite(points[i]) && !model.Metadata.Gaps.Unlabelled.Contains(model.Schema.Names[i / 2], StringComparer.Ordinal))
            {
                throw new InvalidDataException(
                    $"The model predicts {points[i]} for keypoint '{model.Schema.Names[i / 2]}' in row {sourceRow:N0} "
                    + $"of {datasets[row.Dataset].Manifest.Source}; a number of pixels is expected.");
            }
        }
    }

    /// <summary>A row of the batch.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct AddedRow(PlannedRow Row, uint SourceRow, double PictureScale);
}
