namespace KeypointPipeline.Formats.Csv;

/// <summary>A cell that a spreadsheet cut. Excel keeps 32,767 characters of a cell and loses the others, or moves them into the next row. The
/// pixels of a 96×96 image take about as many.</summary>
internal static class CutCell
{
    /// <summary>The number of characters of a cell that was cut.</summary>
    public const int Characters = 32_767;

    /// <summary>What to do, for messages.</summary>
    public const string Advice = "use the original file, not a copy saved by a spreadsheet";
}
