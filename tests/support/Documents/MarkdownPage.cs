using KeypointPipeline.Local.Machine;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace KeypointPipeline.TestSupport.Documents;

/// <summary>A Markdown page of the checkout, read for tests that compare it with the code.</summary>
public sealed class MarkdownPage
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .UsePreciseSourceLocation()
        .Build();

    private readonly MarkdownDocument _document;

    private MarkdownPage(string path, string text)
    {
        Path = path;
        _document = Markdown.Parse(text, Pipeline);
    }

    /// <summary>The path below the checkout's root, with slashes.</summary>
    public string Path { get; }

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => _document.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id!);

    /// <summary>Every `code span` with its place.</summary>
    public IEnumerable<PagePart> CodeSpans => _document.Descendants<CodeInline>().Select(code => Part(code, code.Content));

    /// <summary>The target of every link and image.</summary>
    public IEnumerable<PagePart> Links => _document.Descendants<LinkInline>().Select(link => Part(link, link.Url ?? ""));

    /// <summary>Every fenced block of a shell.</summary>
    public IEnumerable<PagePart> ShellBlocks => Blocks(info => info is "sh" or "bash" or "shell" or "console");

    /// <summary>Every fenced block of a language, such as <c>csharp</c>.</summary>
    public IEnumerable<PagePart> CodeBlocks(string language) => Blocks(info => info == language);

    /// <summary>Reads a page.</summary>
    /// <param name="path">Its path below the checkout's root.</param>
    public static MarkdownPage Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(RepositoryRoot.Path, path)));

    /// <summary>Reads a page from text.</summary>
    /// <param name="path">What findings call it.</param>
    /// <param name="text">Markdown.</param>
    public static MarkdownPage Parse(string path, string text) => new(path, text);

    /// <summary>The rows below the header of a table.</summary>
    /// <param name="heading">The heading of its section.</param>
    /// <param name="firstColumn">The header of its first column, which tells the tables of a section apart.</param>
    /// <exception cref="InvalidOperationException">The page has no such table; the message names it.</exception>
    public IReadOnlyList<PageRow> Table(string heading, string firstColumn)
    {
        List<Table> tables = [.. SectionOf(heading).OfType<Table>().Where(table => Cells((TableRow)table[0])[0].Text == firstColumn)];
        return tables.Count > 0
            ? [.. tables.SelectMany(table => table.Skip(1).Cast<TableRow>()).Select(Row)]
            : throw new InvalidOperationException($"{Path} has no table '{firstColumn}' below the heading '{heading}'.");
    }

    /// <summary>The rows of a table, by the paragraph above it.</summary>
    /// <param name="heading">The heading of its section.</param>
    /// <param name="caption">The text of the paragraph just above the table.</param>
    /// <exception cref="InvalidOperationException">The page has no such table; the message names it.</exception>
    public IReadOnlyList<PageRow> TableBelow(string heading, string caption)
    {
        Block[] section = [.. SectionOf(heading)];
        int place = Array.FindIndex(section, block => block is ParagraphBlock paragraph && Text(paragraph.Inline) == caption);
        return place >= 0 && place + 1 < section.Length && section[place + 1] is Table table
            ? [.. table.Skip(1).Cast<TableRow>().Select(Row)]
            : throw new InvalidOperationException($"{Path} has no table below the line '{caption}' of '{heading}'.");
    }

    private static string Text(ContainerInline? inline) => string.Concat(inline?.Descendants().Select(part => part switch
    {
        CodeInline code => code.Content,
        LiteralInline literal => literal.Content.ToString(),
        _ => "",
    }) ?? []).Trim();

    private static PageCell[] Cells(TableRow row) =>
    [
        .. from cell in row.Cast<TableCell>()
           let inlines = cell.Descendants<ParagraphBlock>().Select(paragraph => paragraph.Inline).ToArray()
           select new PageCell(
               string.Concat(inlines.Select(Text)),
               [.. inlines.SelectMany(inline => inline!.Descendants<CodeInline>()).Select(code => code.Content)]),
    ];

    private IEnumerable<PagePart> Blocks(Func<string?, bool> isWanted) =>
        from block in _document.Descendants<FencedCodeBlock>()
        where isWanted(block.Info)
        select new PagePart($"{Path}:{block.Line + 2}", block.Line + 2, string.Join('\n', block.Lines.Lines.Take(block.Lines.Count)));

    private IEnumerable<Block> SectionOf(string heading) => _document
        .SkipWhile(block => block is not HeadingBlock found || Text(found.Inline) != heading)
        .Skip(1)
        .TakeWhile(block => block is not HeadingBlock);

    private PageRow Row(TableRow row) => new($"{Path}:{row.Line + 1}", Cells(row));

    private PagePart Part(MarkdownObject part, string text) => new($"{Path}:{part.Line + 1}", part.Line + 1, text);
}
