using System.Runtime.CompilerServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Points;

/// <summary>Reads a file per picture.</summary>
/// <param name="set">The set.</param>
/// <param name="files">The files.</param>
/// <param name="count">Number of points of a face.</param>
internal sealed class PointsReader(FileSet set, IReadOnlyList<SetFile> files, int count) : LabelReader
{
    private readonly string[] _keypoints = [.. Enumerable.Range(0, count).Select(i => $"{i}")];
    private long _marks;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints;

    /// <inheritdoc/>
    public override string FileName => FileNames.OwnName(files[0].Path) + (files.Count > 1 ? $" and {files.Count - 1:N0} more" : string.Empty);

    /// <inheritdoc/>
    public override string RowWord => "face";

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => _marks == 0 ? [] : [$"Points at 0,0 or -1,-1 are missing: {_marks:N0} points."];

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _marks = 0;
        foreach (SetFile file in files)
        {
            PointsFile content = await PointsFile.ReadAsync(set, file, cancellationToken);
            _ = PictureIndex.TryFindBeside(set, file.Path, out string picture);
            yield return new LabelledPicture(picture, [Read(content)]) { File = file.Path };
        }
    }

    private LabelledInstance Read(PointsFile content)
    {
        var instance = new LabelledInstance(1, new float[2 * count]);
        if (content.Fault is not null)
            return instance with { Fault = content.Fault };
        if (content.Points.Count != count)
        {
            return instance with
            {
                Fault = new RowFault(
                    RowProblemKind.Label, Column: null, $"has {content.Points.Count:N0} points, the others have {count:N0}: which ones is unknown"),
            };
        }

        int half = -1;
        for (int k = 0; k < count; k++)
        {
            (double x, double y) = content.Points[k];
            bool isMark = (x, y) is (0, 0) or (-1, -1);
            _marks += isMark ? 1 : 0;
            half = half < 0 && double.IsNaN(x) != double.IsNaN(y) ? k : half;
            bool isPlaced = !isMark && !double.IsNaN(x) && !double.IsNaN(y);
            instance.Points[2 * k] = isPlaced ? (float)(x - 1) : float.NaN;
            instance.Points[(2 * k) + 1] = isPlaced ? (float)(y - 1) : float.NaN;
        }

        return instance with { HalfLabel = half };
    }
}
