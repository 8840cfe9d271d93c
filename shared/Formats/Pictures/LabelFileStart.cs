using System.Text;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>The start of a file that may hold labels.</summary>
/// <param name="path">Its path in the set.</param>
/// <param name="bytes">Its first bytes, at most <see cref="LongestBytes"/>. A gzipped table is unpacked.</param>
/// <param name="table">Its first rows if it can be read as a table, or null.</param>
internal sealed class LabelFileStart(string path, ReadOnlyMemory<byte> bytes, TableStart? table)
{
    /// <summary>The most bytes that are looked at.</summary>
    public const int LongestBytes = 64 * 1024;

    private readonly Lazy<string> _text = new(() => Encoding.UTF8.GetString(bytes.Span).TrimStart('\uFEFF', ' ', '\t', '\r', '\n'));

    /// <summary>Its path in the set.</summary>
    public string Path => path;

    /// <summary>Its first bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>Its first bytes as UTF-8 text, without white space in front.</summary>
    public string Text => _text.Value;

    /// <summary>Its first rows if its name is that of a table and it can be read as one; otherwise null.</summary>
    public TableStart? Table => table;
}

/// <summary>The first rows of a table.</summary>
/// <param name="Names">The fields of its first line, without surrounding white space. They need not be names.</param>
/// <param name="Rows">The fields of the lines below, at most 8.</param>
internal sealed record TableStart(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<string>> Rows);
