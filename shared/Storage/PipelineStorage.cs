using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Storage;

/// <summary>The pipeline's storage account: its containers and its JSON documents, which are always replaced as a whole. Works the
/// same with Azure and Azurite. Uploading a blob is atomic: readers see the old blob or the new one.</summary>
public sealed class PipelineStorage
{
    /// <summary>Blobs that are deleted at once.</summary>
    private const int Deletions = 32;

    /// <summary>Pause between two looks at a copy. A copy within an account is usually complete at the first look.</summary>
    private static readonly TimeSpan CopyPause = TimeSpan.FromMilliseconds(200);

    private readonly BlobServiceClient _service;

    /// <summary>Uses a client that is already configured.</summary>
    /// <param name="service">Client of the storage account.</param>
    public PipelineStorage(BlobServiceClient service)
    {
        ArgumentNullException.ThrowIfNull(service);
        _service = service;
    }

    /// <summary>Opens an account with the retries of steps and triggers. Sends no request yet.</summary>
    /// <param name="connectionString">Contains a key and is never logged.</param>
    public static PipelineStorage Open(string connectionString) => new(new BlobServiceClient(connectionString, StoragePatience.ForSteps()));

    /// <summary>Returns a client of one container.</summary>
    /// <param name="name">One of <see cref="BlobLayout.Containers"/>.</param>
    public BlobContainerClient Container(string name) => _service.GetBlobContainerClient(name);

    /// <summary>Returns a client of one blob.</summary>
    /// <exception cref="InvalidDataException">The name is invalid, for example because it would reach another blob: see <see cref="BlobName"/>.</exception>
    public BlobClient Blob(string container, string name) => Container(container).GetBlobClient(BlobName.Require(container, name));

    /// <summary>Starts to write a blob as a stream, without a local file. It is in place once the stream is committed.</summary>
    /// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
    /// <param name="name">The blob.</param>
    /// <param name="contentType">Its media type, or null for bytes of any kind.</param>
    /// <exception cref="InvalidDataException">The name is invalid: see <see cref="BlobName"/>.</exception>
    public BlockUploadStream StartUpload(string container, string name, string? contentType = null) => new(
        Container(container).GetBlockBlobClient(BlobName.Require(container, name)),
        contentType is null ? null : new BlobHttpHeaders { ContentType = contentType });

    /// <summary>Copies a blob to another name in its container, on the server's side. Overwrites an existing blob.</summary>
    /// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
    /// <param name="from">The blob.</param>
    /// <param name="to">The new name.</param>
    /// <param name="bytes">Size of the blob.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="IOException">The server did not complete the copy. Retry.</exception>
    public async Task CopyAsync(string container, string from, string to, long bytes, CancellationToken cancellationToken)
    {
        CopyFromUriOperation copy = await Blob(container, to).StartCopyFromUriAsync(Blob(container, from).Uri, options: null, cancellationToken);
        Response<long> copied = await copy.WaitForCompletionAsync(CopyPause, cancellationToken);
        if (copied.Value != bytes)
            throw new IOException($"{container}/{from} was not copied to {to}: {copied.Value:N0} of {bytes:N0} bytes arrived.");
    }

    /// <summary>Lists all blobs below a prefix. Leaves out names that <see cref="BlobName"/> refuses: the pipeline did not write them.</summary>
    public IAsyncEnumerable<BlobItem> ListAsync(string container, string? prefix, CancellationToken cancellationToken) =>
        Container(container).GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken)
            .Where(blob => BlobName.FindProblem(blob.Name) is null);

    /// <summary>Deletes all blobs below a prefix, several at a time: a batch may have 100,000.</summary>
    /// <returns>Number of deleted blobs.</returns>
    public Task<int> DeleteAllAsync(string container, string prefix, CancellationToken cancellationToken) =>
        DeleteAllAsync(container, ListAsync(container, prefix, cancellationToken).Select(blob => blob.Name), cancellationToken);

    /// <summary>Deletes blobs, several at a time. Those that do not exist are passed over.</summary>
    /// <returns>Number of deleted blobs.</returns>
    public async Task<int> DeleteAllAsync(string container, IAsyncEnumerable<string> names, CancellationToken cancellationToken)
    {
        int deleted = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Deletions, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, options, async (string name, CancellationToken token) =>
        {
            if (await Blob(container, name).DeleteIfExistsAsync(cancellationToken: token))
                Interlocked.Increment(ref deleted);
        });
        return deleted;
    }

    /// <summary>Returns a blob's properties, or null if the blob does not exist.</summary>
    public async Task<BlobProperties?> FindPropertiesAsync(string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Blob(container, name).GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            return null;
        }
    }

    /// <summary>Returns a blob's ETag, or null if the blob does not exist.</summary>
    public async Task<ETag?> FindETagAsync(string container, string name, CancellationToken cancellationToken) =>
        (await FindPropertiesAsync(container, name, cancellationToken))?.ETag;

    /// <summary>Downloads a small blob's content and properties. Returns null if the blob does not exist.</summary>
    public async Task<BlobDownloadResult?> FindContentAsync(string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Blob(container, name).DownloadContentAsync(cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            return null;
        }
    }

    /// <summary>The account's address, without a key.</summary>
    public string Address => _service.Uri.GetLeftPart(UriPartial.Path);

    /// <summary>Whether the storage server runs on this machine. Then it is Azurite, which deletes blobs at once.</summary>
    public bool IsOnThisMachine => _service.Uri.IsLoopback;

    /// <summary>Reads for how many days the account keeps deleted blobs; 0 if it deletes them at once. Null if this identity may not read
    /// it: the roles for blobs do not include it.</summary>
    public async Task<int?> FindSoftDeleteDaysAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlobServiceProperties properties = await _service.GetPropertiesAsync(cancellationToken);
            return properties.DeleteRetentionPolicy is { Enabled: true, Days: int days } ? days : 0;
        }
        catch (RequestFailedException e) when (e.IsForbidden())
        {
            return null;
        }
    }

    /// <summary>Creates the containers that do not exist yet.</summary>
    public async Task EnsureContainersAsync(CancellationToken cancellationToken)
    {
        foreach (string name in BlobLayout.Containers)
            await Container(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Reads a JSON document and its ETag.</summary>
    /// <returns>The document, or null if the blob does not exist.</returns>
    /// <exception cref="JsonException">The blob is not JSON for <typeparamref name="T"/>. The message names the blob.</exception>
    public async Task<StoredDocument<T>?> ReadAsync<T>(string container, string name, CancellationToken cancellationToken)
        where T : class
    {
        if (await FindContentAsync(container, name, cancellationToken) is not BlobDownloadResult blob)
            return null;
        try
        {
            T value = JsonSerializer.Deserialize<T>(blob.Content, PipelineJson.Compact)
                ?? throw new JsonException("null");
            return new StoredDocument<T>(value, blob.Details.ETag, blob.Details.LastModified);
        }
        catch (JsonException e)
        {
            throw new JsonException($"{container}/{name} is not a valid {typeof(T).Name} document: {e.Message}", e);
        }
    }

    /// <summary>Writes a JSON document. Overwrites the existing blob.</summary>
    public Task WriteAsync<T>(string container, string name, T value, CancellationToken cancellationToken) =>
        Blob(container, name).UploadAsync(Json(value), JsonUpload(conditions: null), cancellationToken);

    /// <summary>Replaces a JSON document only if it has not changed since it was read.</summary>
    /// <param name="container">The container.</param>
    /// <param name="name">The blob.</param>
    /// <param name="value">The new content.</param>
    /// <param name="expected">The ETag that was read, or null to create the blob only if it does not exist.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>False if another writer was first.</returns>
    public async Task<bool> TryReplaceAsync<T>(
        string container, string name, T value, ETag? expected, CancellationToken cancellationToken)
    {
        BinaryData content = Json(value);
        var conditions = expected is ETag etag
            ? new BlobRequestConditions { IfMatch = etag }
            : new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            await Blob(container, name).UploadAsync(content, JsonUpload(conditions), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            // If only the response to the write was lost, the client sent the write again, and its own first write made the condition fail.
            return await FindContentAsync(container, name, cancellationToken) is BlobDownloadResult stored
                && stored.Content.ToMemory().Span.SequenceEqual(content.ToMemory().Span);
        }
    }

    private static BinaryData Json<T>(T value) => BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(value, PipelineJson.Indented));

    private static BlobUploadOptions JsonUpload(BlobRequestConditions? conditions) => new()
    {
        HttpHeaders = new BlobHttpHeaders { ContentType = "application/json; charset=utf-8" },
        Conditions = conditions,
    };
}

/// <summary>A JSON document as it was read.</summary>
/// <param name="Value">The content.</param>
/// <param name="ETag">ETag of the blob.</param>
/// <param name="LastModified">When the blob was written, by the server's clock, in seconds.</param>
public sealed record StoredDocument<T>(T Value, ETag ETag, DateTimeOffset LastModified);
