using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv.Headers;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Reads the rows of a dataset from CSV content, one at a time. Bad rows are returned with their fault.</summary>
internal sealed class DatasetReader : IDisposable
{
    private readonly CsvTable _table;
    private readonly RowParser _parser;

    private DatasetReader(CsvTable table, DatasetColumns columns, RowConventions conventions, RowImages? images)
    {
        _table = table;
        Columns = columns;
        _parser = new RowParser(columns, images ?? columns.CreateImages(), conventions);
        if (columns.Image == columns.Names.Count - 1)
            table.TakeRestAsLastField();
    }

    /// <summary>The columns that the header states.</summary>
    public DatasetColumns Columns { get; }

    /// <summary>Number of the row. 1 is the first row below the header. Blank lines do not count.</summary>
    public long Row => _table.Row;

    /// <summary>The physical line on which the row starts.</summary>
    public long Line => _table.Line;

    /// <summary>Number of blank lines skipped so far.</summary>
    public long BlankLines => _table.BlankLines;

    /// <summary>What was found about the way the file is written (<see cref="CsvTable.Guesses"/>).</summary>
    public IEnumerable<string> Guesses => _table.Guesses;

    /// <summary>The row's fault, or null for a good row.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>The values of a good row.</summary>
    public RowParser Values => _parser;

    /// <summary>The group of a good row as the file states it, without surrounding blanks. Null if the row has none.</summary>
    public string? Group => Columns.Group is { } column && Encoding.UTF8.GetString(_table.Text(column)).Trim(' ', '\t') is { Length: > 0 } group ? group : null;

    /// <summary>The split key of a good row (<c>splits.u64</c>): the hash of its group. Null if the row has no group.</summary>
    public ulong? GroupKey => Columns.Group is { } column ? Formats.GroupKey.Of(_table.Text(column)) : null;

    /// <summary>Reads the header.</summary>
    /// <param name="content">The CSV.</param>
    /// <param name="statedFrame">The frame size that a person states, or null.</param>
    /// <param name="statedGroup">The name of the group column that a person states, or null.</param>
    /// <param name="conventions">How the rows are written, as far as it is known.</param>
    /// <param name="images">The images, if they are not in the table; otherwise null. An image column is then an ignored column.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RejectedFileException">The file is empty or is not CSV, or its header is not that of a dataset.</exception>
    public static async Task<DatasetReader> OpenAsync(
        ReadAheadContent content,
        FrameSize? statedFrame,
        string? statedGroup,
        RowConventions conventions,
        RowImages? images,
        CancellationToken cancellationToken)
    {
        CsvTable table = await CsvTable.OpenAsync(content, cancellationToken);
        try
        {
            return DatasetColumns.Read(table.Names, statedFrame, statedGroup, images is null, out HeaderProblem? problem) is { } columns
                ? new DatasetReader(table, columns, conventions, images)
                : throw await ExplainAsync(content.FileName, table, problem!, cancellationToken);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next row. Returns false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged or has too many rows.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _table.ReadAsync(cancellationToken))
            return false;
        Fault = _table.Fault ?? _parser.Parse(_table);
        if (Fault is not null && _table.Fault is null)
            Fault = _table.FindFaultInRest() ?? Fault;
        if (Fault is not null)
            Fault = _table.WithCause(Fault);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();

    /// <summary>Says why a header cannot be used, and what the table seems to be.</summary>
    private static async Task<RejectedFileException> ExplainAsync(
        string file, CsvTable table, HeaderProblem problem, CancellationToken cancellationToken)
    {
        var rows = new List<string[]>();
        while (rows.Count < ForeignTable.RowsNeeded && await table.ReadAsync(cancellationToken) && table.Fault is null)
            rows.Add([.. table.Names.Select((_, column) => Encoding.UTF8.GetString(table.Text(column)))]);
        string? kind = ForeignTable.Describe(table.Names, rows, problem.LacksKeypoints);
        return new RejectedFileException($"{file}: the header cannot be used: {problem.Text}.{(kind is null ? "" : $" {kind}")}");
    }
}
