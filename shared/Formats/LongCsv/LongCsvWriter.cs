using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.LongCsv;

/// <summary>Writes a table with one row per point. Missing points have no rows, but the first instance has a row for every keypoint: so the
/// table keeps all names and their order. Columns that no row needs are left out.</summary>
/// <param name="output">Receives the file.</param>
/// <param name="keypoints">Keypoint names.</param>
internal sealed class LongCsvWriter(LabelOutput output, IReadOnlyList<string> keypoints) : LabelWriter
{
    private readonly TableDraft _draft = new(
    [
        (ColumnNames.Image, false),
        (ColumnNames.Keypoint, false),
        (ColumnNames.X, false),
        (ColumnNames.Y, false),
        (ColumnNames.Visibility, true),
        (ColumnNames.Width, true),
        (ColumnNames.Height, true),
        .. InstanceCells.Columns,
    ]);

    private bool _isStarted;

    /// <inheritdoc/>
    public override async ValueTask AddAsync(LabelledPicture picture, CancellationToken cancellationToken)
    {
        bool hasIds = picture.Instances.All(instance => instance.Id is not null) && picture.Instances.DistinctBy(instance => instance.Id).Count() == picture.Instances.Count;
        for (int i = 0; i < picture.Instances.Count; i++)
        {
            LabelledInstance instance = picture.Instances[i];
            string? id = hasIds ? instance.Id : picture.Instances.Count > 1 ? (i + 1).ToString(CultureInfo.InvariantCulture) : null;
            bool isEmpty = true;
            for (int k = 0; k < keypoints.Count; k++)
            {
                if (_isStarted && float.IsNaN(instance.Points[2 * k]) && instance.States?[k] != LabelState.Absent)
                    continue;
                isEmpty = false;
                await AddRowAsync(picture, instance, id, k, cancellationToken);
            }

            if (isEmpty)
                await AddRowAsync(picture, instance, id, keypoint: -1, cancellationToken);
            _isStarted = true;
        }
    }

    /// <inheritdoc/>
    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await using StagedFile file = output.Create(InstanceCells.FileName);
        await _draft.WriteAsync(file.Stream, cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _draft.DisposeAsync();

    private ValueTask AddRowAsync(LabelledPicture picture, LabelledInstance instance, string? id, int keypoint, CancellationToken cancellationToken)
    {
        _draft.Add(picture.Path);
        _draft.Add(keypoint < 0 ? null : keypoints[keypoint]);
        _draft.Add(keypoint < 0 ? null : instance.Points[2 * keypoint]);
        _draft.Add(keypoint < 0 ? null : instance.Points[(2 * keypoint) + 1]);
        _draft.Add(keypoint < 0 || instance.States is null ? null : PointStates.Write(instance.States[keypoint]));
        _draft.Add(picture.StatedSize?.Width);
        _draft.Add(picture.StatedSize?.Height);
        InstanceCells.Add(_draft, instance, id);
        return _draft.EndRowAsync(cancellationToken);
    }
}
