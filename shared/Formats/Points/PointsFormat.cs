using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Points;

/// <summary>Points of one face in a file beside its picture: <c>.pts</c>, as in 300-W, Helen, LFPW, IBUG and Menpo.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>The text is <c>version: 1</c>, <c>n_points: 68</c>, and one line <c>x y</c> per point between braces.</item>
/// <item>Coordinates are pixels, and the centre of the first pixel is 1,1: 1 is subtracted (menpo/menpo, <c>menpo/io/input/landmark.py</c>,
/// <c>PTSImporter</c>: landmarks of a picture of 480 pixels lie in 1 to 480).</item>
/// <item>The points have no names. They are numbered from 0, as in other files of these datasets, so that the published orders of 68 points
/// are known.</item>
/// <item>A point without position is <c>nan nan</c>. <c>0 0</c> and <c>-1 -1</c> are outside a picture that begins at 1 and count as missing
/// too.</item>
/// <item>There is no visibility, no box and one face per file. Sides follow from the published order.</item>
/// </list>
/// </remarks>
internal sealed class PointsFormat : ILabelFormat
{
    /// <summary>The ending of the files.</summary>
    public const string Ending = ".pts";

    /// <summary>Number of files that decide how many points a face has.</summary>
    private const int FilesThatDecide = 50;

    /// <inheritdoc/>
    public string Name => "iBUG points (.pts)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: false, Boxes: false, SeveralInstances: false, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => [Ending];

    /// <inheritdoc/>
    public bool IsOnePerPicture => true;

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) =>
        start.Text.StartsWith("version", StringComparison.OrdinalIgnoreCase) && start.Text.Contains("n_points", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        var counts = new List<int>();
        string? problem = null;
        foreach (SetFile file in files.Take(FilesThatDecide))
        {
            PointsFile points = await PointsFile.ReadAsync(set, file, cancellationToken);
            problem ??= points.Fault is null ? null : $"{FileNames.OwnName(file.Path)}: {points.Fault.Text}";
            if (points.Fault is null)
                counts.Add(points.Points.Count);
        }

        if (counts.Count == 0)
            throw new RejectedFileException($"{problem}. None of the first {Math.Min(files.Count, FilesThatDecide):N0} {Ending} files can be read.");
        int usual = counts.GroupBy(count => count).MaxBy(group => (group.Count(), group.Key))!.Key;
        return new PointsReader(set, files, usual);
    }
}
