using System.Text;
using System.Xml;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Xml;

/// <summary>Reads a large XML file node by node. Only one node is in memory at a time. DTDs, and with them entities, are refused.</summary>
internal sealed class XmlNodes : IAsyncDisposable
{
    /// <summary>The largest node in bytes. The mask of a large picture takes a few million.</summary>
    public const int LargestNode = 64 * 1024 * 1024;

    /// <summary>The deepest nesting. Label files have fewer than ten levels.</summary>
    public const int DeepestNesting = 256;

    /// <summary>The most characters of a text that are kept: ten times the longest name.</summary>
    public const int LongestText = 1_000;

    private readonly NodeStream _stream;
    private readonly string _name;
    private readonly CancellationToken _cancellationToken;

    private XmlNodes(NodeStream stream, string name, CancellationToken cancellationToken)
    {
        _stream = stream;
        _name = name;
        _cancellationToken = cancellationToken;
        Node = XmlReader.Create(stream, new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        });
    }

    /// <summary>The node that <see cref="ReadAsync"/> came to.</summary>
    public XmlReader Node { get; }

    /// <summary>The line of the node, from 1.</summary>
    public int Line => ((IXmlLineInfo)Node).LineNumber;

    /// <summary>Opens a file before its first node.</summary>
    /// <param name="set">The set, which messages name.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels the reading of all nodes.</param>
    /// <exception cref="RejectedFileException">The file is damaged.</exception>
    /// <exception cref="IOException">It could not be opened. Retry.</exception>
    public static async Task<XmlNodes> OpenAsync(FileSet set, SetFile file, CancellationToken cancellationToken)
    {
        string name = FileNames.OwnName(file.Path);
        Stream stream = await NamedFile.Of(set, file).OpenAsync(cancellationToken);
        return new XmlNodes(new NodeStream(stream, name, cancellationToken), name, cancellationToken);
    }

    /// <summary>Returns an attribute of an element without surrounding white space, at most <see cref="LongestText"/> characters. Empty if the
    /// element has none.</summary>
    public static string TextOf(XmlReader element, string attribute)
    {
        string text = element.GetAttribute(attribute)?.Trim() ?? string.Empty;
        return text.Length <= LongestText ? text : text[..LongestText];
    }

    /// <summary>Goes to the next node. Returns false at the end of the file.</summary>
    /// <exception cref="RejectedFileException">The file is not XML or is cut off, has a DTD, or has a node that is too large or too deep.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public async Task<bool> ReadAsync()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _stream.StartNode();
        try
        {
            if (!await Node.ReadAsync())
                return false;
        }
        catch (XmlException e)
        {
            throw Invalid(e);
        }

        return Node.Depth <= DeepestNesting
            ? true
            : throw new RejectedFileException($"{_name}, line {Line:N0}: elements are nested more than {DeepestNesting:N0} deep.");
    }

    /// <summary>Reads an element to its end and returns its text without surrounding white space, at most <see cref="LongestText"/> characters.
    /// Elements inside add nothing.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<string> ReadTextAsync()
    {
        if (Node.IsEmptyElement)
            return string.Empty;
        int depth = Node.Depth;
        var text = new StringBuilder();
        while (await ReadAsync() && Node.Depth > depth)
        {
            if (Node.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace) || Node.Depth > depth + 1)
                continue;
            string part = await ReadValueAsync();
            text.Append(part, 0, Math.Min(part.Length, LongestText - text.Length));
        }

        return text.ToString().Trim();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        await _stream.DisposeAsync();
    }

    private async Task<string> ReadValueAsync()
    {
        try
        {
            return await Node.GetValueAsync();
        }
        catch (XmlException e)
        {
            throw Invalid(e);
        }
    }

    /// <summary>The reader gives no line for a DTD.</summary>
    private RejectedFileException Invalid(XmlException e) => new(
        e.LineNumber > 0
            ? $"{_name} is not valid XML at line {e.LineNumber:N0}, column {e.LinePosition:N0}. Export or copy it again."
            : $"{_name} is not valid XML, or has a DTD (<!DOCTYPE), which is not read. Export it again without one.",
        e);

    /// <summary>Counts the bytes that are read for one node, and refuses a node that is too large.</summary>
    private sealed class NodeStream(Stream stream, string name, CancellationToken stop) : ReadOnlyStream
    {
        private long _bytes;

        /// <summary>Says that the next node begins.</summary>
        public void StartNode() => _bytes = 0;

        /// <inheritdoc/>
        /// <remarks>The reader of XML passes on no token.</remarks>
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await stream.ReadAsync(buffer, stop);
            _bytes += read;
            return _bytes <= LargestNode
                ? read
                : throw new RejectedFileException(
                    $"{name} has an element or a text of more than {LargestNode:N0} bytes. Export it again without what is so large.");
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
