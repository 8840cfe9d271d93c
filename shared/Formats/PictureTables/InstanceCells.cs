using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>The last cells of a row that this product writes: what is known about the whole instance.</summary>
internal static class InstanceCells
{
    /// <summary>Name of the file that tables of labels are written to.</summary>
    public const string FileName = "labels.csv";

    /// <summary>The columns of the cells. They are left out if all cells are empty.</summary>
    public static IReadOnlyList<(string Name, bool IsOptional)> Columns { get; } =
    [
        .. new[]
        {
            ColumnNames.Group, ColumnNames.Instance, ColumnNames.BoxX, ColumnNames.BoxY, ColumnNames.BoxWidth, ColumnNames.BoxHeight, ColumnNames.Angle,
            ColumnNames.Origin, ColumnNames.Checksum,
        }.Select(name => (name, true)),
    ];

    /// <summary>Adds the cells.</summary>
    /// <param name="draft">The table.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="id">What tells the instance apart in its picture, or null.</param>
    public static void Add(TableDraft draft, LabelledInstance instance, string? id)
    {
        draft.Add(instance.Group);
        draft.Add(id);
        draft.Add(instance.Box?.Left);
        draft.Add(instance.Box?.Top);
        draft.Add(instance.Box?.Width);
        draft.Add(instance.Box?.Height);
        draft.Add(instance.Box is { Angle: not 0 } ? instance.Box.Angle : null);
        draft.Add(instance.Origin);
        draft.Add(instance.Checksum);
    }
}
