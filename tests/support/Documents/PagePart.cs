namespace KeypointPipeline.TestSupport.Documents;

/// <summary>A part of a page.</summary>
/// <param name="Place">The page and the line, for findings: <c>docs/deploy.md:12</c>.</param>
/// <param name="Line">The line of its beginning, from 1.</param>
/// <param name="Text">Its text.</param>
public sealed record PagePart(string Place, int Line, string Text);

/// <summary>A row of a page's table.</summary>
/// <param name="Place">The page and the line, for findings.</param>
/// <param name="Cells">Its cells.</param>
public sealed record PageRow(string Place, IReadOnlyList<PageCell> Cells)
{
    /// <summary>The code spans of the first cell: what the row is about.</summary>
    public IReadOnlyList<string> Subjects => Cells[0].Code;
}

/// <summary>A cell of a page's table.</summary>
/// <param name="Text">Its text without markup.</param>
/// <param name="Code">Its code spans.</param>
public sealed record PageCell(string Text, IReadOnlyList<string> Code);
