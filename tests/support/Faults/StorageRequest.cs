namespace KeypointPipeline.TestSupport.Faults;

/// <summary>A request to the storage server.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Container">The container.</param>
/// <param name="Blob">The blob's name, or empty.</param>
/// <param name="Query">What follows the question mark.</param>
public sealed record StorageRequest(string Method, string Container, string Blob, string Query)
{
    /// <summary>The request's kind. It is the same for requests that differ only in ids, versions and ranges.</summary>
    public string Kind => $"{Method} {Container} {Blob[(Blob.LastIndexOf('/') + 1)..]} {Operation}";

    private string Operation => Query.Split('&').FirstOrDefault(part => part.StartsWith("comp=", StringComparison.Ordinal)) ?? "";

    /// <summary>Reads <c>/account/container/blob?query</c>.</summary>
    public static StorageRequest Parse(string method, string target)
    {
        string[] halves = target.Split('?', 2);
        string[] path = halves[0].TrimStart('/').Split('/', 3);
        return new StorageRequest(
            method,
            path.Length > 1 ? Uri.UnescapeDataString(path[1]) : "",
            path.Length > 2 ? Uri.UnescapeDataString(path[2]) : "",
            halves.Length > 1 ? halves[1] : "");
    }
}
