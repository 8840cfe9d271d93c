using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>The columns that hold a row's box.</summary>
internal abstract class BoxColumns
{
    /// <summary>Reads the box of a table's current row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="box">The box, or null if all of its fields are empty.</param>
    /// <returns>The fault, or null if the box is good or missing.</returns>
    public abstract RowFault? Parse(CsvTable table, out PictureBox? box);
}
