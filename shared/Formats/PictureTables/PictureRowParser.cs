using System.Runtime.InteropServices;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Reads the rows of a table with one row per instance.</summary>
/// <param name="table">The table.</param>
/// <param name="places">Per keypoint of the table, its index among the keypoints of all tables.</param>
/// <param name="count">Number of keypoints of all tables.</param>
internal sealed class PictureRowParser(PictureTable table, int[] places, int count)
{
    /// <summary>Number of results without keypoints that were left out.</summary>
    public long FailedRows { get; private set; }

    /// <summary>Reads the current row.</summary>
    /// <returns>The row, or null if it says nothing.</returns>
    public PictureRow? Parse(CsvTable rows)
    {
        if (rows.Fault is { } broken)
            return Bad("", rows, rows.WithCause(broken));
        PictureColumns columns = table.Columns;
        string path = TableCells.Text(rows, columns.Picture) ?? "";
        if (path.Length == 0)
            return Bad(path, rows, TableCells.PictureFault(rows, columns.Picture));
        if (ColumnNames.Failed.Equals(TableCells.Text(rows, columns.Status), StringComparison.OrdinalIgnoreCase))
        {
            FailedRows++;
            return null;
        }

        float[] points = new float[2 * count];
        Array.Fill(points, float.NaN);
        LabelState[]? states = table.States is null ? null : new LabelState[count];
        if (ParsePoints(rows, points, states, out int half) is { } fault)
            return Bad(path, rows, fault);
        if (half < 0 && Array.TrueForAll(points, float.IsNaN) && ColumnNames.WithoutFace.Equals(TableCells.Text(rows, columns.Status), StringComparison.OrdinalIgnoreCase))
        {
            // With points it is a label: a person added the face.
            FailedRows++;
            return null;
        }

        PictureBox? box = null;
        if (columns.Box?.Parse(rows, out box) is { } boxFault)
            return Bad(path, rows, boxFault);
        return new PictureRow(path, TableCells.Size(rows, columns.Size), new LabelledInstance(rows.Row, points)
        {
            States = states,
            Box = box,
            Group = TableCells.Text(rows, columns.Group),
            Id = TableCells.Text(rows, columns.Instance),
            Origin = TableCells.Text(rows, columns.Origin),
            Checksum = TableCells.Text(rows, columns.Checksum),
            HalfLabel = half,
        });
    }

    private RowFault? ParsePoints(CsvTable rows, float[] points, LabelState[]? states, out int half)
    {
        half = -1;
        PictureColumns columns = table.Columns;
        for (int k = 0; k < columns.Keypoints.Count; k++)
        {
            KeypointColumns keypoint = columns.Keypoints[k];
            RowFault? fault = rows.ParseCoordinate(keypoint.X, out float x) ?? rows.ParseCoordinate(keypoint.Y, out points[(2 * places[k]) + 1]);
            if (fault is not null)
                return fault;
            float y = points[(2 * places[k]) + 1];
            if (float.IsNaN(x) != float.IsNaN(y) && half < 0)
                half = places[k];
            if (float.IsNaN(x) || float.IsNaN(y) || table.IsMissing?.Invoke(x, y) == true)
                (x, y) = (float.NaN, float.NaN);
            if (states is not null)
            {
                states[places[k]] = columns.States![k] is int column and >= 0
                    ? table.States!.Read(k, rows.Field(column), table.HasTwo, ref x, ref y)
                    : float.IsNaN(x) ? LabelState.Missing : LabelState.Labelled;
            }

            (points[2 * places[k]], points[(2 * places[k]) + 1]) = (x, y);
        }

        return null;
    }

    private static PictureRow Bad(string path, CsvTable rows, RowFault fault) =>
        new(path, null, new LabelledInstance(rows.Row, []) { Fault = fault });
}

/// <summary>A row as it was read.</summary>
/// <param name="Path">The picture's path as the row states it. Empty if the row states none.</param>
/// <param name="Size">The picture's size as the row states it, or null.</param>
/// <param name="Instance">The instance, or its fault.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PictureRow(string Path, (int Width, int Height)? Size, LabelledInstance Instance);
