using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>The first rows of a table.</summary>
/// <param name="Names">The fields of its first line, without surrounding white space. They need not be names.</param>
/// <param name="Rows">The fields of the lines below, at most 8. Each has as many fields as there are names.</param>
internal sealed record TableStart(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The most rows that are looked at.</summary>
    public const int MostRows = 8;

    /// <summary>Reads the first rows from the start of a file.</summary>
    /// <param name="name">The file's own name.</param>
    /// <param name="start">Its first bytes, unpacked.</param>
    /// <param name="isWhole">Whether they are the whole file. Otherwise the last row may be cut and is left out.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The rows, or null if the bytes are no table.</returns>
    public static async Task<TableStart?> ReadAsync(string name, ReadOnlyMemory<byte> start, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = new ReadAheadContent(new StartContent(name, start));
            using CsvTable table = await CsvTable.OpenAsync(content, cancellationToken);
            var rows = new List<string[]>();
            string[]? last = null;
            while (rows.Count < MostRows && await table.ReadAsync(cancellationToken))
            {
                if (last is not null)
                    rows.Add(last);
                last = table.Fault is null ? [.. table.Names.Select((_, column) => Encoding.UTF8.GetString(table.Text(column)))] : null;
            }

            if (last is not null && isWhole && rows.Count < MostRows)
                rows.Add(last);
            return new TableStart(table.Names, rows);
        }
        catch (RejectedFileException)
        {
            return null;
        }
    }

    /// <summary>The start of a file as the content of a table.</summary>
    private sealed class StartContent(string name, ReadOnlyMemory<byte> start) : CsvContent(name)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = Math.Min(buffer.Length, start.Length - _next);
            start.Slice(_next, count).CopyTo(buffer);
            _next += count;
            return ValueTask.FromResult(count);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
