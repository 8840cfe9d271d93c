using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.LongCsv;

/// <summary>A table with one row per point: <c>image, keypoint, x, y</c>, and optionally the point's visibility and the instance.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>Coordinates are pixels of the picture, pixel centres at integers, as in tables with one row per instance.</item>
/// <item>The rows of a picture may stand anywhere. Rows with the same <c>instance</c> are one instance; without that column, all rows of a
/// picture are.</item>
/// <item>A row without coordinates names a keypoint that is missing. A row without a keypoint says something about the instance only, for
/// example its box.</item>
/// <item>Left and right are what the names say.</item>
/// </list>
/// </remarks>
internal sealed class LongCsvFormat : ILabelFormat
{
    /// <inheritdoc/>
    public string Name => "table with one row per point (CSV)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: true, Boxes: true, SeveralInstances: true, Writes: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => FileNames.TableEndings;

    /// <summary>Whether a table has one row per point.</summary>
    public static bool Fits(TableStart start) => LongColumns.Find(start, group: null) is not null;

    /// <inheritdoc/>
    public LabelTarget Target { get; } = new("long", FileNames.Csv) { IsUsual = false, HasAngles = true, HasGroups = true, HasOrigins = true };

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Table is { } table && Fits(table);

    /// <inheritdoc/>
    public Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken) =>
        OpenAsync(set, files, group: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, string? group, CancellationToken cancellationToken)
    {
        var reader = new LongReader(FileNames.OwnName(files[0].Path));
        try
        {
            foreach (SetFile file in files)
            {
                string name = FileNames.OwnName(file.Path);
                LabelFileStart start = await LabelFileStart.ReadAsync(set, file, cancellationToken);
                if (start.Table is not { } table || LongColumns.Find(table, group) is not { } columns)
                    throw new RejectedFileException($"{name}: the columns image, keypoint, x and y are expected.");
                if (columns.GroupProblem is not null)
                    throw new RejectedFileException($"{name}: the header cannot be used: {columns.GroupProblem}.");
                bool hasTwo = columns.State >= 0 && await HasTwoAsync(set, file, columns.State, cancellationToken);
                await using LabelTable rows = await LabelTable.OpenAsync(set, file, cancellationToken);
                await reader.AddAsync(rows.Rows, columns, hasTwo, files.Count > 1 ? file.Path : null, cancellationToken);
            }

            return reader.Keypoints.Count > 0 ? reader : throw new RejectedFileException($"{reader.FileName} names no keypoints: rows with image, keypoint, x and y are expected.");
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public LabelWriter StartWriting(LabelOutput output, IReadOnlyList<string> keypoints, MirrorPairs mirror) => new LongCsvWriter(output, keypoints);

    private static async Task<bool> HasTwoAsync(FileSet set, SetFile file, int column, CancellationToken cancellationToken)
    {
        await using LabelTable table = await LabelTable.OpenAsync(set, file, cancellationToken);
        var states = new PointStates([table.Rows.Names[column]]);
        table.Rows.MostRows = long.MaxValue;
        while (await table.Rows.ReadAsync(cancellationToken))
        {
            if (table.Rows.Fault is null && states.IsTwo(0, table.Rows.Field(column)))
                return true;
        }

        return false;
    }
}
