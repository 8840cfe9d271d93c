using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Gives the image of each row of a table: from a column with all pixels, from one column per pixel, or from a file beside the
/// table.</summary>
internal abstract class RowImages
{
    /// <summary>What messages call the place of the images, for example the column's name.</summary>
    public abstract string Name { get; }

    /// <summary>The pixels of the last image without a fault: H·W grey bytes, line by line. Valid until the next read.</summary>
    public abstract ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>What was guessed about the images, as a sentence; null if nothing was.</summary>
    public virtual string? Guess => null;

    /// <summary>Reads the image of the table's current row, which must have a field per column. <see cref="CsvTable.Row"/> is its number.</summary>
    /// <param name="table">The table.</param>
    /// <param name="usual">Size of the images of earlier rows, or null. Messages name it. The image may have another size.</param>
    /// <param name="frame">The image's size, which is supported; or null with a fault.</param>
    /// <returns>The fault, or null if the image is good.</returns>
    public abstract RowFault? Parse(CsvTable table, FrameSize? usual, out FrameSize? frame);
}
