using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KeypointPipeline.Bench.Scale.Store;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Scale.Store;

/// <summary>The counting store answers the pipeline's clients as a storage server does.</summary>
public sealed class CountingStoreTests(AzuriteFixture azurite) : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("counting-store");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_request_is_answered_as_Azurite_answers_it()
    {
        using CountingStore store = NewStore();
        PipelineStorage counting = store.Open();
        await counting.EnsureContainersAsync(Cancel);

        string[] expected = await UseAsync((await azurite.NewStorageAsync(Cancel)).Storage);
        string[] answers = await UseAsync(counting);

        Assert.Equal(expected, answers);
    }

    [Fact]
    public async Task Requests_are_counted_by_kind()
    {
        using CountingStore store = NewStore();
        PipelineStorage storage = store.Open();
        await storage.Container(BlobLayout.Results).CreateAsync(cancellationToken: Cancel);

        await storage.WriteAsync(BlobLayout.Results, "a.json", "text", Cancel);
        await storage.ReadAsync<string>(BlobLayout.Results, "a.json", Cancel);
        await storage.ReadAsync<string>(BlobLayout.Results, "b.json", Cancel);

        Assert.Equal((1, 1, 2, 4), (
            store.Requests.Of(StoreOperation.CreateContainer),
            store.Requests.Of(StoreOperation.PutBlob),
            store.Requests.Of(StoreOperation.GetBlob),
            store.Requests.All));
        Assert.Equal((6, 6), (store.Requests.Received, store.Requests.Sent));
    }

    [Fact]
    public async Task Generated_images_are_listed_in_pages_in_order_with_the_blobs_beside_them()
    {
        using CountingStore store = NewStore(new GeneratedImages("may", 12_345));
        PipelineStorage storage = store.Open();
        await storage.Container(BlobLayout.Images).CreateAsync(cancellationToken: Cancel);
        await storage.Blob(BlobLayout.Images, "may/_READY").UploadAsync(BinaryData.Empty, Cancel);

        string[] names = await storage.ListAsync(BlobLayout.Images, "may/", Cancel).Select(blob => blob.Name).ToArrayAsync(Cancel);

        Assert.Equal(
            [.. Enumerable.Range(0, 12_345).Select(image => $"may/{GeneratedImages.Name(image)}"), "may/_READY"],
            names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(3, store.Requests.Of(StoreOperation.ListBlobs));
    }

    [Fact]
    public async Task Content_that_is_not_kept_is_counted_and_cannot_be_read()
    {
        using var store = new CountingStore(_folder.File("blobs"), images: null, name => name != "results/table.csv", TimeProvider.System);
        PipelineStorage storage = store.Open();
        await storage.Container(BlobLayout.Results).CreateAsync(cancellationToken: Cancel);
        BlobClient table = storage.Blob(BlobLayout.Results, "table.csv");

        await table.UploadAsync(BinaryData.FromString("a\r\nb\r\nc\r\n"), Cancel);

        BlobContent content = store.Find(BlobLayout.Results, "table.csv")!.Content;
        Assert.Equal((9, 3), (content.Length, content.Lines));
        await Assert.ThrowsAsync<NotSupportedException>(() => table.DownloadContentAsync(Cancel));
    }

    [Fact]
    public async Task A_request_that_the_store_does_not_know_is_named()
    {
        using CountingStore store = NewStore();
        PipelineStorage storage = store.Open();
        await storage.Container(BlobLayout.Results).CreateAsync(cancellationToken: Cancel);

        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => storage.Blob(BlobLayout.Results, "a").SetTagsAsync(new Dictionary<string, string>(), cancellationToken: Cancel));

        Assert.Contains("comp=tags", error.Message, StringComparison.Ordinal);
    }

    private CountingStore NewStore(GeneratedImages? images = null) => new(_folder.File("blobs"), images, _ => true, TimeProvider.System);

    /// <summary>Sends the kinds of requests that the pipeline sends.</summary>
    /// <returns>What was answered, without times and ETags.</returns>
    private static async Task<string[]> UseAsync(PipelineStorage storage)
    {
        var answers = new List<string>();
        BlobContainerClient container = storage.Container(BlobLayout.Results);
        BlobClient blob = storage.Blob(BlobLayout.Results, "may/a ü.json");
        await Note("missing", async () => $"{await blob.ExistsAsync(Cancel)} {await storage.FindETagAsync(BlobLayout.Results, "x", Cancel) is null}");
        await Note("missing content", async () => (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
        await Note("delete nothing", async () => $"{(await blob.DeleteIfExistsAsync(cancellationToken: Cancel)).Value}");
        await Note("create", async () => $"{await storage.TryReplaceAsync(BlobLayout.Results, blob.Name, "one", null, Cancel)}");
        await Note("create again", async () => $"{await storage.TryReplaceAsync(BlobLayout.Results, blob.Name, "two", null, Cancel)}");
        await Note("upload over it", async () => $"{(await blob.UploadAsync(BinaryData.FromString("x"), Cancel)).GetRawResponse().Status}");
        ETag first = (await storage.FindETagAsync(BlobLayout.Results, blob.Name, Cancel))!.Value;
        await Note("replace", async () => $"{await storage.TryReplaceAsync(BlobLayout.Results, blob.Name, "three", first, Cancel)}");
        await Note("replace an old one", async () => $"{await storage.TryReplaceAsync(BlobLayout.Results, blob.Name, "four", first, Cancel)}");
        await Note("delete an old one", async () =>
            $"{(await blob.DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = first }, cancellationToken: Cancel)).Value}");
        await Note("content", async () =>
        {
            BlobDownloadResult read = await blob.DownloadContentAsync(Cancel);
            return $"{read.Content} {read.Details.ContentType} {read.Details.ContentLength}";
        });
        await Note("properties", async () =>
        {
            BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: Cancel);
            return $"{properties.ContentLength} {properties.ContentType} {properties.BlobType}";
        });
        await Note("range", async () =>
        {
            BlobDownloadStreamingResult range = await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(1, 3) }, Cancel);
            using var reader = new StreamReader(range.Content);
            return $"{await reader.ReadToEndAsync(Cancel)} {range.Details.ContentRange} {range.Details.ContentLength}";
        });
        await Note("range behind the end", async () =>
            $"{(await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(100, 3) }, Cancel)).Value.Details.ContentLength}");
        await Note("read with a condition", async () =>
            $"{(await blob.DownloadStreamingAsync(new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = first } }, Cancel)).Value.Details.ContentLength}");
        await Note("blocks", () => UploadBlocksAsync(storage, "may/blocks.csv"));
        await Note("missing block", async () =>
            $"{(await container.GetBlockBlobClient("may/none").CommitBlockListAsync([Id(7)], cancellationToken: Cancel)).GetRawResponse().Status}");
        await Note("empty", async () =>
        {
            await storage.Blob(BlobLayout.Results, "may/_READY").UploadAsync(BinaryData.Empty, Cancel);
            return (await storage.Blob(BlobLayout.Results, "may/_READY").DownloadContentAsync(Cancel)).Value.Content.ToString();
        });
        await Note("pages", async () =>
        {
            var pages = new List<string>();
            await foreach (Page<BlobItem> page in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "may/", Cancel).AsPages(pageSizeHint: 2))
                pages.Add(string.Join(' ', page.Values.Select(item => $"{item.Name}:{item.Properties.ContentLength}")));
            return string.Join(" | ", pages);
        });
        await Note("folders", async () =>
        {
            await storage.Blob(BlobLayout.Results, "may/sub/b").UploadAsync(BinaryData.FromString("1"), Cancel);
            await storage.Blob(BlobLayout.Results, "may/sub/c").UploadAsync(BinaryData.FromString("2"), Cancel);
            var pages = new List<string>();
            await foreach (Page<BlobHierarchyItem> page in container
                .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", "may/", Cancel).AsPages(pageSizeHint: 2))
                pages.Add(string.Join(' ', page.Values.Select(item => item.IsPrefix ? item.Prefix : item.Blob.Name)));
            return string.Join(" | ", pages);
        });
        await Note("delete all", async () => $"{await storage.DeleteAllAsync(BlobLayout.Results, "may/", Cancel)}");
        await Note("no container", async () => $"{(await storage.Container("none").GetBlobClient("a").DownloadContentAsync(Cancel)).Value.Content}");
        return [.. answers];

        async Task Note(string what, Func<Task<string>> use)
        {
            try
            {
                answers.Add($"{what}: {await use()}");
            }
            catch (RequestFailedException e)
            {
                answers.Add($"{what}: {e.Status} {e.ErrorCode}");
            }
        }
    }

    /// <summary>Uploads blocks, makes a blob of two of them, and reads it over their border.</summary>
    private static async Task<string> UploadBlocksAsync(PipelineStorage storage, string name)
    {
        BlockBlobClient blob = storage.Container(BlobLayout.Results).GetBlockBlobClient(name);
        for (int block = 0; block < 3; block++)
            await blob.StageBlockAsync(Id(block), new MemoryStream(Encoding.UTF8.GetBytes($"block {block}\n")), cancellationToken: Cancel);
        bool existsBefore = await blob.ExistsAsync(Cancel);
        await blob.CommitBlockListAsync([Id(2), Id(0)], cancellationToken: Cancel);
        await using Stream stream = await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), Cancel);
        stream.Position = 4;
        using var reader = new StreamReader(stream);
        return $"{existsBefore} {stream.Length} {await reader.ReadToEndAsync(Cancel)}";
    }

    private static string Id(int block) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{block:000}"));
}
