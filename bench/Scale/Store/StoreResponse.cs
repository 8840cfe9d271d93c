using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>An answer of the store.</summary>
/// <param name="status">The HTTP status.</param>
internal sealed class StoreResponse(int status) : Response
{
    private readonly List<HttpHeader> _headers = [];

    /// <inheritdoc/>
    public override int Status => status;

    /// <inheritdoc/>
    public override string ReasonPhrase => "";

    /// <inheritdoc/>
    public override Stream? ContentStream { get; set; }

    /// <inheritdoc/>
    public override string ClientRequestId { get; set; } = "";

    /// <summary>Creates an error as the service describes it.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The code, for example <c>BlobNotFound</c>.</param>
    public static StoreResponse Error(int status, string code) => new StoreResponse(status)
        .With("x-ms-error-code", code)
        .WithXml($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");

    /// <summary>Adds a header.</summary>
    public StoreResponse With(string name, string value)
    {
        _headers.Add(new HttpHeader(name, value));
        return this;
    }

    /// <summary>Adds a body of XML.</summary>
    public StoreResponse WithXml(string xml)
    {
        byte[] body = Encoding.UTF8.GetBytes(xml);
        ContentStream = new MemoryStream(body, writable: false);
        return With("Content-Type", "application/xml").With("Content-Length", $"{body.Length}");
    }

    /// <inheritdoc/>
    public override void Dispose() => ContentStream?.Dispose();

    /// <inheritdoc/>
    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    /// <inheritdoc/>
    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers;

    /// <inheritdoc/>
    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        foreach (HttpHeader header in _headers)
        {
            if (string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                value = header.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        bool found = TryGetHeader(name, out string? value);
        values = found ? [value!] : null;
        return found;
    }
}
