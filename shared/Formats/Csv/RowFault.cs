namespace KeypointPipeline.Formats.Csv;

/// <summary>The reason why a row is bad.</summary>
/// <param name="Kind">Kind of problem.</param>
/// <param name="Column">Name of the column, or null if the problem concerns the whole row.</param>
/// <param name="Text">The problem in words, without file, row and column.</param>
internal sealed record RowFault(RowProblemKind Kind, string? Column, string Text);
