using KeypointPipeline.Files;
using KeypointPipeline.Formats.CelebA;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.Hrnet;
using KeypointPipeline.Formats.LongCsv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.PictureCsv;

/// <summary>A table with one row per instance: a column that names the picture, and the columns of each keypoint.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>Coordinates are pixels of the picture, pixel centres at integers, as Matplotlib and pandas users plot them
/// (https://matplotlib.org/stable/users/explain/artists/imshow_extent.html: with the usual extent, pixel (0, 0) is centred at 0, 0). This
/// product writes the same.</item>
/// <item>The sides of a box are measured at pixel edges, as in COCO.</item>
/// <item>Left and right are what the names say. Tables do not state whose left they mean, and the subject's is usual.</item>
/// <item>Spellings of the columns are those of tables with pixels (<c>PixelCsv/README.md</c>). Columns with only numbers are Udacity's
/// (<see cref="UnnamedPoints"/>).</item>
/// <item>This product's own <c>keypoints.csv</c> is such a table. Rows without keypoints (status <c>failed</c>) are left out.</item>
/// </list>
/// </remarks>
internal sealed class PictureCsvFormat : ILabelFormat
{
    /// <inheritdoc/>
    public string Name => "table with a picture column (CSV)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: true, Boxes: true, SeveralInstances: true, Writes: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => FileNames.TableEndings;

    /// <inheritdoc/>
    public LabelTarget Target { get; } = new("wide", FileNames.Csv) { HasAngles = true, HasGroups = true, HasOrigins = true };

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Table is { } table
        && !CelebaFormat.Fits(table) && !HrnetFormat.Fits(table) && !LongCsvFormat.Fits(table)
        && new PictureHeader(table, group: null).IsLabels;

    /// <inheritdoc/>
    public Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken) =>
        OpenAsync(set, files, group: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, string? group, CancellationToken cancellationToken)
    {
        var tables = new List<PictureTable>();
        foreach (SetFile file in files)
        {
            string name = FileNames.OwnName(file.Path);
            LabelFileStart start = await LabelFileStart.ReadAsync(set, file, cancellationToken);
            if (start.Table is not { } table)
                throw new RejectedFileException($"{name} cannot be read as a table: a header and rows are expected.");
            var header = new PictureHeader(table, group);
            if (header.Problems.Count > 0)
                throw new RejectedFileException($"{name}: the header cannot be used: {ShownText.List(header.Problems, "; ", longest: KeypointHeader.LongestProblem)}.");
            tables.Add(new PictureTable(file, header.Columns ?? throw new RejectedFileException($"{name} has no columns of keypoints (<name>_x, <name>_y).")));
        }

        return await PictureTableReader.OpenAsync(set, tables, hasOpenConventions: true, cancellationToken);
    }

    /// <inheritdoc/>
    public LabelWriter StartWriting(LabelOutput output, IReadOnlyList<string> keypoints, MirrorPairs mirror) => new PictureCsvWriter(output, keypoints);
}
