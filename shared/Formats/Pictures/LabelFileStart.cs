using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>The start of a file that may hold labels.</summary>
/// <param name="path">Its path in the set.</param>
/// <param name="bytes">Its first bytes, at most <see cref="LongestBytes"/>. A gzipped table is unpacked.</param>
/// <param name="table">Its first rows if it can be read as a table, or null.</param>
internal sealed class LabelFileStart(string path, ReadOnlyMemory<byte> bytes, TableStart? table)
{
    /// <summary>The most bytes that are looked at.</summary>
    public const int LongestBytes = 64 * 1024;

    /// <summary>The most bytes of a table that are looked at. One cell may hold all points of a picture.</summary>
    private const int LongestTableBytes = 16 * LongestBytes;

    private readonly Lazy<string> _text = new(() => Encoding.UTF8.GetString(bytes.Span).TrimStart('\uFEFF', ' ', '\t', '\r', '\n'));

    /// <summary>Its path in the set.</summary>
    public string Path => path;

    /// <summary>Its first bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>Its first bytes as UTF-8 text, without white space in front.</summary>
    public string Text => _text.Value;

    /// <summary>Its first rows if its name is that of a table and it can be read as one; otherwise null.</summary>
    public TableStart? Table => table;

    /// <summary>Reads the start of a file.</summary>
    /// <param name="set">The set, which messages name.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file cannot be read.</exception>
    /// <exception cref="IOException">Reading failed. Retry.</exception>
    public static async Task<LabelFileStart> ReadAsync(FileSet set, SetFile file, CancellationToken cancellationToken)
    {
        string name = FileNames.OwnName(file.Path);
        await using var stream = new SourceStream(await NamedFile.Of(set, file).OpenAsync(cancellationToken), name, file.Length);
        bool isPacked = FileNames.IsGzippedTable(file.Path);
        await using CsvContent content = isPacked ? new GzipContent(name, stream) : new PlainContent(name, stream);
        byte[] start = await ReadAsync(content, [], LongestBytes, cancellationToken);
        if (!isPacked && !FileNames.IsTable(file.Path))
            return new LabelFileStart(file.Path, start, table: null);
        ReadOnlyMemory<byte> shown = start;
        TableStart? table = await TableStart.ReadAsync(name, start, start.Length < LongestBytes, cancellationToken);
        if (table is null or { Rows.Count: 0 } && start.Length == LongestBytes)
        {
            start = await ReadAsync(content, start, LongestTableBytes, cancellationToken);
            table = await TableStart.ReadAsync(name, start, start.Length < LongestTableBytes, cancellationToken);
        }

        return new LabelFileStart(file.Path, shown, table);
    }

    /// <summary>Reads on until there are <paramref name="length"/> bytes or the file ends.</summary>
    private static async Task<byte[]> ReadAsync(CsvContent content, byte[] before, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        before.CopyTo(bytes, 0);
        int end = before.Length;
        while (end < length && await content.ReadAsync(bytes.AsMemory(end), cancellationToken) is int read and > 0)
            end += read;
        return end == length ? bytes : bytes[..end];
    }
}
