using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>A storage account in this process that counts requests. It stands in for the storage server where that would be the larger part
/// of a measurement. It answers only what the pipeline asks for; anything else is an error that names the request.</summary>
/// <param name="path">A file for the blobs' content. It is deleted when the store is disposed.</param>
/// <param name="images">Images of a batch that exist only as a listing, or null.</param>
/// <param name="keeps">Says of <c>{container}/{blob}</c> whether its content is kept. Of others, the length and the lines are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class CountingStore(string path, GeneratedImages? images, Func<string, bool> keeps, TimeProvider time) : IDisposable
{
    private const int LargestPage = 5_000;
    private const string GeneratedETag = "0x8DC000000000000";
    private const int GeneratedBytes = 20_000;

    private readonly ContentFile _file = new(path);
    private readonly ConcurrentDictionary<string, StoreContainer> _containers = new(StringComparer.Ordinal);
    private long _etags;

    /// <summary>The requests so far.</summary>
    public RequestCounts Requests { get; } = new();

    /// <summary>Called at each request, in the caller's context.</summary>
    public Action? OnRequest { get; init; }

    /// <summary>Opens the account with the pipeline's own retries and timeouts.</summary>
    public PipelineStorage Open()
    {
        BlobClientOptions options = StoragePatience.ForSteps();
        options.Transport = new CountingTransport(this);
        return new PipelineStorage(new BlobServiceClient(new Uri("https://store.invalid/"), options));
    }

    /// <summary>Finds a blob, without counting a request.</summary>
    public StoredBlob? Find(string container, string name) => _containers.GetValueOrDefault(container)?.Find(name);

    /// <summary>Lists blobs, without counting a request.</summary>
    public IReadOnlyList<StoredBlob> List(string container, string prefix) =>
        _containers.GetValueOrDefault(container)?.List(prefix, from: null, int.MaxValue) ?? [];

    /// <summary>Answers a request.</summary>
    /// <exception cref="NotSupportedException">The store does not know the request.</exception>
    public StoreResponse Answer(StoreRequest request, CancellationToken cancellationToken)
    {
        StoreOperation operation = request.Operation ?? throw new NotSupportedException($"The counting store does not know {request}.");
        Requests.Add(operation);
        OnRequest?.Invoke();
        if (operation == StoreOperation.CreateContainer)
        {
            return _containers.TryAdd(request.Container, new StoreContainer())
                ? Written(201, NewETag(), Now())
                : StoreResponse.Error(409, "ContainerAlreadyExists");
        }

        if (!_containers.TryGetValue(request.Container, out StoreContainer? container))
            return StoreResponse.Error(404, "ContainerNotFound");
        return operation switch
        {
            StoreOperation.ListBlobs => List(container, request),
            StoreOperation.PutBlob => Put(container, request, Receive(request, cancellationToken)),
            StoreOperation.PutBlock => PutBlock(container, request, cancellationToken),
            StoreOperation.PutBlockList => PutBlockList(container, request, cancellationToken),
            StoreOperation.DeleteBlob => Delete(container, request),
            _ => Get(container, request, withContent: operation == StoreOperation.GetBlob),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private BlobContent Receive(StoreRequest request, CancellationToken cancellationToken)
    {
        long length = request.ContentLength;
        using var sink = new ContentSink(_file, keeps($"{request.Container}/{request.Blob}") ? _file.Allocate(length) : null);
        request.Content.WriteTo(sink, cancellationToken);
        Requests.AddReceived(length);
        return sink.Content;
    }

    private StoreResponse Put(StoreContainer container, StoreRequest request, BlobContent content)
    {
        var blob = new StoredBlob(request.Blob, NewETag(), Now(), request.Header("x-ms-blob-content-type") ?? "application/octet-stream", content);
        if (container.TryPut(blob, current => Accepts(request, current), out StoredBlob? replaced))
        {
            Free(replaced?.Content);
            return Written(201, blob.ETag, blob.LastModified);
        }

        Free(content);
        return request.Header("If-None-Match") is not null ? StoreResponse.Error(409, "BlobAlreadyExists") : ConditionNotMet();
    }

    private StoreResponse PutBlock(StoreContainer container, StoreRequest request, CancellationToken cancellationToken)
    {
        container.PutBlock(request.Blob, request.Query("blockid")!, Receive(request, cancellationToken));
        return new StoreResponse(201);
    }

    private StoreResponse PutBlockList(StoreContainer container, StoreRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        request.Content.WriteTo(body, cancellationToken);
        body.Position = 0;
        string[] blocks = [.. XDocument.Load(body).Root!.Elements().Select(block => block.Value)];
        return container.TakeBlocks(request.Blob, blocks) is { } contents
            ? Put(container, request, BlobContent.Of(contents))
            : StoreResponse.Error(400, "InvalidBlockList");
    }

    private StoreResponse Delete(StoreContainer container, StoreRequest request)
    {
        if (!container.TryRemove(request.Blob, current => Accepts(request, current), out StoredBlob? removed))
            return ConditionNotMet();
        if (removed is null)
            return StoreResponse.Error(404, "BlobNotFound");
        Free(removed.Content);
        return new StoreResponse(202);
    }

    private StoreResponse Get(StoreContainer container, StoreRequest request, bool withContent)
    {
        if (container.Find(request.Blob) is not StoredBlob blob)
            return StoreResponse.Error(404, "BlobNotFound");
        if (!Accepts(request, blob))
            return ConditionNotMet();
        long length = blob.Content.Length;
        (long First, long Last)? range = withContent ? request.Range : null;
        if (range?.First >= length && length > 0)
            return StoreResponse.Error(416, "InvalidRange");
        long first = length == 0 ? 0 : range?.First ?? 0;
        long count = Math.Min(range?.Last ?? long.MaxValue, length - 1) - first + 1;
        StoreResponse response = Written(range is null || length == 0 ? 200 : 206, blob.ETag, blob.LastModified)
            .With("Content-Length", $"{count}")
            .With("Content-Type", blob.ContentType)
            .With("x-ms-blob-type", "BlockBlob")
            .With("Accept-Ranges", "bytes");
        if (response.Status == 206)
            response.With("Content-Range", $"bytes {first}-{first + count - 1}/{length}");
        if (!withContent)
            return response;
        Requests.AddSent(count);
        response.ContentStream = new ContentReader(
            _file, blob.Content.Spaces ?? throw new NotSupportedException($"The content of {request.Container}/{request.Blob} was not kept."), first, count);
        return response;
    }

    private StoreResponse List(StoreContainer container, StoreRequest request)
    {
        string prefix = request.Query("prefix") ?? "";
        string? from = request.Query("marker") is { Length: > 0 } marker ? marker : null;
        var page = new StorePage(request.Query("maxresults") is string most ? int.Parse(most, CultureInfo.InvariantCulture) : LargestPage);
        bool isGenerated = images is not null && request.Container == BlobLayout.Images;
        if (request.Query("delimiter") is string delimiter)
        {
            if (isGenerated)
                throw new NotSupportedException($"The counting store does not know {request}.");
            ListFolders(page, container, prefix, from, delimiter);
            return page.ToResponse();
        }

        string now = Now().ToString("R");
        foreach (string name in isGenerated ? images!.List(prefix, from) : [])
        {
            if (!page.TryAdd(name, GeneratedETag, now, GeneratedBytes))
                return page.ToResponse();
        }

        // Blobs beside the generated ones sort after them: the marker's '_' comes after the digits.
        foreach (StoredBlob blob in container.List(prefix, from, page.Free + 1))
        {
            if (!page.TryAdd(blob))
                break;
        }

        return page.ToResponse();
    }

    /// <summary>Lists blobs and folders, a folder for all blobs below it.</summary>
    private static void ListFolders(StorePage page, StoreContainer container, string prefix, string? from, string delimiter)
    {
        while (container.List(prefix, from, count: 1) is [StoredBlob blob])
        {
            int end = blob.Name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            string folder = end < 0 ? "" : blob.Name[..(end + delimiter.Length)];
            if (end < 0 ? !page.TryAdd(blob) : !page.TryAddFolder(folder))
                return;
            from = end < 0 ? blob.Name + char.MinValue : folder + char.MaxValue;
        }
    }

    private static bool Accepts(StoreRequest request, StoredBlob? current) =>
        (request.Header("If-Match") is not string match || (current is not null && (match == "*" || BlobETag.Same(match, current.ETag))))
        && (request.Header("If-None-Match") is not string none || current is null || (none != "*" && !BlobETag.Same(none, current.ETag)));

    private static StoreResponse ConditionNotMet() => StoreResponse.Error(412, "ConditionNotMet");

    private static StoreResponse Written(int status, string etag, DateTimeOffset modified) => new StoreResponse(status)
        .With("ETag", $"\"{etag}\"")
        .With("Last-Modified", modified.ToString("R"));

    private void Free(BlobContent? content)
    {
        foreach (ContentSpace space in content?.Spaces ?? [])
            _file.Free(space);
    }

    private string NewETag() => $"0x8D{Interlocked.Increment(ref _etags):X12}";

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
}
