using System.Buffers;
using System.Globalization;
using System.Text;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>A table that is written in the end, once it is known which of its columns say anything. Its rows wait in a temporary file.</summary>
/// <remarks>The table is as in RFC 4180: UTF-8, commas, decimal points, CRLF. A row's cells are added in the order of the columns.</remarks>
internal sealed class TableDraft : IAsyncDisposable
{
    private const int FullBytes = 1 << 20;
    private const int LongestNumber = 32;

    private readonly IReadOnlyList<(string Name, bool IsOptional)> _columns;
    private readonly bool[] _isUsed;
    private readonly FileStream _file = TemporaryFile.Create("table");
    private readonly ArrayBufferWriter<byte> _buffer = new(FullBytes);
    private int _column;
    private long _rows;

    /// <summary>Starts a table.</summary>
    /// <param name="columns">Names of the columns, and whether a column is left out if all of its cells are empty.</param>
    public TableDraft(IReadOnlyList<(string Name, bool IsOptional)> columns)
    {
        _columns = columns;
        _isUsed = [.. columns.Select(column => !column.IsOptional)];
    }

    /// <summary>Adds a text. A text that a spreadsheet would run as a formula gets the prefix <c>./</c> (<see cref="CsvText.Name"/>), but a
    /// number with a sign stays a number.</summary>
    public void Add(string? text) => AddCell(text switch
    {
        null or "" => [],
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => Encoding.UTF8.GetBytes(CsvText.Quote(text)),
        _ => Encoding.UTF8.GetBytes(CsvText.Name(text)),
    });

    /// <summary>Adds a number with the fewest digits that give the same single-precision number again. NaN and null are empty cells.</summary>
    public void Add(double? number)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        int length = 0;
        if (number is double value && !double.IsNaN(value) && !((float)value).TryFormat(text, out length, default, CultureInfo.InvariantCulture))
            throw new ArgumentOutOfRangeException(nameof(number), number, "The number is too long.");
        AddCell(text[..length]);
    }

    /// <summary>Ends a row that has all cells.</summary>
    public async ValueTask EndRowAsync(CancellationToken cancellationToken)
    {
        if (_column != _columns.Count)
            throw new InvalidOperationException($"{_column} cells, {_columns.Count} columns.");
        _column = 0;
        _rows++;
        if (_buffer.WrittenCount >= FullBytes)
            await FlushAsync(cancellationToken);
    }

    /// <summary>Writes the table. Call it once, after the last row.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        _file.Position = 0;
        var lines = new ArrayBufferWriter<byte>(FullBytes);
        EndLine(lines, [.. _columns.Where((_, i) => _isUsed[i]).Select(column => Encoding.UTF8.GetBytes(CsvText.Quote(column.Name)))]);
        using var reader = new BinaryReader(new BufferedStream(_file, FullBytes), Encoding.UTF8, leaveOpen: true);
        var cells = new List<byte[]>(_columns.Count);
        for (long row = 0; row < _rows; row++)
        {
            cells.Clear();
            for (int i = 0; i < _columns.Count; i++)
            {
                byte[] cell = reader.ReadBytes(reader.ReadInt32());
                if (_isUsed[i])
                    cells.Add(cell);
            }

            EndLine(lines, cells);
            if (lines.WrittenCount < FullBytes)
                continue;
            await output.WriteAsync(lines.WrittenMemory, cancellationToken);
            lines.ResetWrittenCount();
        }

        await output.WriteAsync(lines.WrittenMemory, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private void AddCell(ReadOnlySpan<byte> cell)
    {
        _isUsed[_column++] |= !cell.IsEmpty;
        BitConverter.TryWriteBytes(_buffer.GetSpan(sizeof(int)), cell.Length);
        _buffer.Advance(sizeof(int));
        _buffer.Write(cell);
    }

    private static void EndLine(ArrayBufferWriter<byte> lines, List<byte[]> cells)
    {
        for (int i = 0; i < cells.Count; i++)
        {
            if (i > 0)
                lines.Write(","u8);
            lines.Write(cells[i]);
        }

        lines.Write("\r\n"u8);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _file.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }
}
