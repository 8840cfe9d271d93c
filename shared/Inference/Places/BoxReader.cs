using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Inference.Places;

/// <summary>Reads a <see cref="BoxFile"/> row by row, in constant memory.</summary>
internal sealed class BoxReader : IAsyncDisposable
{
    private const int LongestId = 200;

    private readonly string _name;
    private readonly ReadAheadContent _content;
    private readonly CsvTable _table;
    private readonly int _image;
    private readonly SideColumns? _box;
    private readonly int _instance;

    private BoxReader(string name, ReadAheadContent content, CsvTable table)
    {
        _name = name;
        _content = content;
        _table = table;
        _image = FactColumns.Find(table.Names, ColumnNames.Image, "filename", "file", "path", "picture");
        _box = SideColumns.Find(table.Names, mayBePlain: false);
        _instance = FactColumns.Find(table.Names, ColumnNames.Instance);
    }

    /// <summary>The picture that the row names, as the file states it. Empty if the row names none.</summary>
    public string Image { get; private set; } = "";

    /// <summary>The place that the row states. Null if it states no box, as the rows of failed pictures in results do.</summary>
    public InstancePlace? Place { get; private set; }

    /// <summary>Why the row cannot be read at all, with file and row; null if it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>Opens the file and reads its header.</summary>
    /// <exception cref="RejectedFileException">The file is no table or lacks a column, or cannot be read.</exception>
    public static async Task<BoxReader> OpenAsync(SetFile file, CancellationToken cancellationToken)
    {
        string name = FileNames.OwnName(file.Path);
        var content = new ReadAheadContent(new BoxContent(name, await file.OpenAsync(cancellationToken)));
        CsvTable? table = null;
        try
        {
            table = await CsvTable.OpenAsync(content, cancellationToken);
            var reader = new BoxReader(name, content, table);
            return reader._image >= 0 && reader._box is not null
                ? reader
                : throw new RejectedFileException(
                    $"{name} has the columns {ShownText.List([.. table.Names])}; "
                    + $"{ColumnNames.Image}, {ColumnNames.BoxX}, {ColumnNames.BoxY}, {ColumnNames.BoxWidth} and {ColumnNames.BoxHeight} are expected.");
        }
        catch
        {
            table?.Dispose();
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the next row. Returns false at the end.</summary>
    /// <exception cref="RejectedFileException">The file is damaged, too large, or has too many rows.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _table.ReadAsync(cancellationToken))
            return false;
        Fault = _table.Fault is RowFault fault ? Describe(fault) : null;
        Image = Fault is null ? _table.Words(_image) : "";
        Place = Image.Length > 0 ? ReadPlace() : null;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _table.Dispose();
        await _content.DisposeAsync();
    }

    private InstancePlace? ReadPlace()
    {
        RowFault? fault = _box!.Parse(_table, out PictureBox? box);
        if (fault is null && box is null)
            return null;
        string? id = _instance >= 0 && _table.Words(_instance) is { Length: > 0 and <= LongestId } stated ? stated : null;
        return new InstancePlace(box, $"{_name} row {_table.Row:N0}") { Id = id, Fault = fault is null ? null : Describe(fault) };
    }

    private string Describe(RowFault fault) =>
        $"{_name} row {_table.Row:N0}{(fault.Column is null ? "" : $", column {ShownText.Of(fault.Column)}")}: {fault.Text}";

    /// <summary>The file's bytes, up to the limit.</summary>
    private sealed class BoxContent(string name, Stream stream) : CsvContent(name)
    {
        private long _read;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int read = await stream.ReadAsync(buffer, cancellationToken);
            _read += read;
            return _read <= BoxFile.LargestBytes ? read : throw BoxFile.TooLarge(FileName);
        }

        public override ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
