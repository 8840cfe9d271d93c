using System.Security;
using System.Text;

namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>A page of a listing, as XML.</summary>
/// <param name="most">The most entries.</param>
internal sealed class StorePage(int most)
{
    private readonly StringBuilder _xml = new("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>", capacity: 1 << 16);
    private string? _next;

    /// <summary>Entries that still fit.</summary>
    public int Free { get; private set; } = most;

    /// <summary>Adds a blob.</summary>
    /// <returns>False if the page is full. The next page then begins with the blob.</returns>
    public bool TryAdd(StoredBlob blob) => TryAdd(SecurityElement.Escape(blob.Name), blob.ETag, blob.LastModified.ToString("R"), blob.Content.Length);

    /// <summary>Adds a blob whose name needs no escapes.</summary>
    /// <inheritdoc cref="TryAdd(StoredBlob)"/>
    public bool TryAdd(string name, string etag, string modified, long length)
    {
        if (IsFull(name))
            return false;
        _xml.Append("<Blob><Name>").Append(name)
            .Append("</Name><Properties><Last-Modified>").Append(modified)
            .Append("</Last-Modified><Etag>").Append(etag)
            .Append("</Etag><Content-Length>").Append(length)
            .Append("</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>");
        return true;
    }

    /// <summary>Adds a folder.</summary>
    /// <returns>False if the page is full. The next page then begins with the folder.</returns>
    public bool TryAddFolder(string folder)
    {
        string name = SecurityElement.Escape(folder);
        if (IsFull(name))
            return false;
        _xml.Append("<BlobPrefix><Name>").Append(name).Append("</Name></BlobPrefix>");
        return true;
    }

    /// <summary>Ends the page.</summary>
    public StoreResponse ToResponse() => new StoreResponse(200).WithXml(
        _xml.Append("</Blobs><NextMarker>").Append(_next).Append("</NextMarker></EnumerationResults>").ToString());

    private bool IsFull(string name)
    {
        if (Free-- > 0)
            return false;
        _next = name;
        return true;
    }
}
