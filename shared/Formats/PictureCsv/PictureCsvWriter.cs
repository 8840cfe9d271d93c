using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;

namespace KeypointPipeline.Formats.PictureCsv;

/// <summary>Writes a table with one row per instance. Columns that no row needs are left out.</summary>
internal sealed class PictureCsvWriter : LabelWriter
{
    private readonly LabelOutput _output;
    private readonly int _keypoints;
    private readonly TableDraft _draft;

    /// <summary>Starts the table.</summary>
    /// <param name="output">Receives the file.</param>
    /// <param name="keypoints">Keypoint names.</param>
    public PictureCsvWriter(LabelOutput output, IReadOnlyList<string> keypoints)
    {
        _output = output;
        _keypoints = keypoints.Count;
        _draft = new TableDraft(
        [
            (ColumnNames.Image, false),
            (ColumnNames.Width, true),
            (ColumnNames.Height, true),
            .. keypoints.SelectMany(name => new[] { ($"{name}_x", false), ($"{name}_y", false), ($"{name}_v", true) }),
            .. InstanceCells.Columns,
        ]);
    }

    /// <inheritdoc/>
    public override async ValueTask AddAsync(LabelledPicture picture, CancellationToken cancellationToken)
    {
        foreach (LabelledInstance instance in picture.Instances)
        {
            _draft.Add(picture.Path);
            _draft.Add(picture.StatedSize?.Width);
            _draft.Add(picture.StatedSize?.Height);
            for (int k = 0; k < _keypoints; k++)
            {
                _draft.Add(instance.Points[2 * k]);
                _draft.Add(instance.Points[(2 * k) + 1]);
                _draft.Add(instance.States is null ? null : PointStates.Write(instance.States[k]));
            }

            InstanceCells.Add(_draft, instance, instance.Id);
            await _draft.EndRowAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await using StagedFile file = _output.Create(InstanceCells.FileName);
        await _draft.WriteAsync(file.Stream, cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _draft.DisposeAsync();
}
