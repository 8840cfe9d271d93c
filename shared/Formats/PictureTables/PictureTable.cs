using System.IO.Hashing;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>A table with one row per instance.</summary>
/// <param name="File">The table.</param>
/// <param name="Columns">The meaning of its columns.</param>
internal sealed record PictureTable(SetFile File, PictureColumns Columns)
{
    /// <summary>Turns the file into a table; null if it is one.</summary>
    public Func<CsvContent, CsvContent>? Convert { get; init; }

    /// <summary>Whether a point at this place is missing, by the format's own convention; null if the format has none.</summary>
    public Func<float, float, bool>? IsMissing { get; init; }

    /// <summary>Completes each picture; null if there is nothing to add.</summary>
    public Func<LabelledPicture, LabelledPicture>? Complete { get; init; }

    /// <summary>Whether rows of one picture stand apart.</summary>
    public bool IsScattered { get; private init; }

    /// <summary>Whether a column of states has a 2, so that its numbers are COCO's (<see cref="PointStates"/>).</summary>
    public bool HasTwo { get; private init; }

    /// <summary>What reads the columns of states, or null.</summary>
    public PointStates? States { get; private init; }

    /// <summary>Reads the whole table once, to find out what a single row does not tell.</summary>
    /// <remarks>Memory: about 40 bytes a row while it reads. Pictures with the same hash only cost time later.</remarks>
    /// <exception cref="RejectedFileException">The table cannot be read.</exception>
    /// <exception cref="IOException">Reading failed. Retry.</exception>
    public async Task<PictureTable> SurveyAsync(FileSet set, CancellationToken cancellationToken)
    {
        await using LabelTable table = await LabelTable.OpenAsync(set, File, cancellationToken, Convert);
        CsvTable rows = table.Rows;
        PointStates? states = Columns.States is null ? null : new PointStates([.. Columns.States.Select(column => column < 0 ? null : rows.Names[column])]);
        var seen = new HashSet<ulong>();
        ulong last = 0;
        bool isScattered = false;
        bool hasTwo = false;
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.Fault is not null)
            {
                last = 0; // A row that cannot be read ends its picture.
                continue;
            }

            ulong picture = XxHash3.HashToUInt64(rows.Text(Columns.Picture).Trim(" \t"u8));
            isScattered |= picture != last && !seen.Add(picture);
            last = picture;
            for (int k = 0; states is not null && !hasTwo && k < Columns.States!.Length; k++)
                hasTwo = Columns.States[k] >= 0 && states.IsTwo(k, rows.Field(Columns.States[k]));
            if (isScattered && (hasTwo || states is null))
                break;
        }

        return this with { IsScattered = isScattered, HasTwo = hasTwo, States = states };
    }
}
