using System.Globalization;
using Azure.Core;

namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>A request as the store reads it.</summary>
internal sealed class StoreRequest
{
    private readonly Request _request;
    private readonly Dictionary<string, string> _query = new(StringComparer.Ordinal);

    /// <summary>Reads a request.</summary>
    public StoreRequest(Request request)
    {
        _request = request;
        foreach (string part in request.Uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            _query[pair[0]] = pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : "";
        }

        string[] path = Uri.UnescapeDataString(request.Uri.Path).TrimStart('/').Split('/', 2);
        Container = path[0];
        Blob = path.Length == 2 ? path[1] : "";
        Operation = Find();
    }

    /// <summary>What is asked for; null if the store does not know it.</summary>
    public StoreOperation? Operation { get; }

    /// <summary>The container.</summary>
    public string Container { get; }

    /// <summary>The blob's name; empty for requests to a container.</summary>
    public string Blob { get; }

    /// <summary>The body.</summary>
    public RequestContent Content => _request.Content ?? RequestContent.Create(ReadOnlyMemory<byte>.Empty);

    /// <summary>Bytes of the body. The clients of the pipeline always know it.</summary>
    public long ContentLength => Content.TryComputeLength(out long length) ? length : throw new NotSupportedException($"{this} has no length.");

    /// <summary>Returns a part of the query, or null.</summary>
    public string? Query(string name) => _query.GetValueOrDefault(name);

    /// <summary>Returns a header, or null.</summary>
    public string? Header(string name) => _request.Headers.TryGetValue(name, out string? value) ? value : null;

    /// <summary>The range that is asked for, from its first byte to its last, which may lie behind the end; null for everything.</summary>
    public (long First, long Last)? Range
    {
        get
        {
            if ((Header("x-ms-range") ?? Header("Range")) is not string range)
                return null;
            string[] ends = range["bytes=".Length..].Split('-');
            return (long.Parse(ends[0], CultureInfo.InvariantCulture), ends[1].Length == 0 ? long.MaxValue : long.Parse(ends[1], CultureInfo.InvariantCulture));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_request.Method} {_request.Uri}";

    private StoreOperation? Find() => (_request.Method.Method, Blob.Length > 0, Query("comp"), Query("restype")) switch
    {
        ("PUT", false, null, "container") => StoreOperation.CreateContainer,
        ("GET", false, "list", "container") => StoreOperation.ListBlobs,
        ("PUT", true, null, null) when Header("x-ms-copy-source") is null => StoreOperation.PutBlob,
        ("PUT", true, "block", null) => StoreOperation.PutBlock,
        ("PUT", true, "blocklist", null) => StoreOperation.PutBlockList,
        ("GET", true, null, null) => StoreOperation.GetBlob,
        ("HEAD", true, null, null) => StoreOperation.GetBlobProperties,
        ("DELETE", true, null, null) => StoreOperation.DeleteBlob,
        _ => null,
    };
}
