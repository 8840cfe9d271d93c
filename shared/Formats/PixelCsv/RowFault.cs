namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>What is wrong with a row.</summary>
/// <param name="Kind">Which kind of thing.</param>
/// <param name="Column">In which column, or null.</param>
/// <param name="Text">In words, without file, row and column.</param>
internal sealed record RowFault(RowProblemKind Kind, string? Column, string Text);
