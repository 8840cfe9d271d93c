using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Storage;

public sealed class BlockUploadStreamTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Name = "batch/table.csv";
    private TestStorage _account = null!;
    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlockUploadStream.BlockBytes)]
    [InlineData(BlockUploadStream.BlockBytes + 1)]
    [InlineData((2 * BlockUploadStream.BlockBytes) + 12_345)]
    public async Task A_blob_has_the_bytes_that_were_written_and_its_content_type(int length)
    {
        byte[] content = Bytes(length, seed: 1);
        await using BlockUploadStream upload = _storage.StartUpload(BlobLayout.Results, Name, "text/csv");
        int half = length / 2;
        upload.Write(content, 0, half);
        for (int start = half; start < length; start += 1_000_003)
            await upload.WriteAsync(content.AsMemory(start, Math.Min(1_000_003, length - start)), Cancel);
        await upload.FlushAsync(Cancel);
        Assert.Equal(length, upload.Position);
        Assert.Null(await _storage.FindETagAsync(BlobLayout.Results, Name, Cancel));

        ETag etag = await upload.CommitAsync(Cancel);

        BlobDownloadResult stored = await Blob.DownloadContentAsync(Cancel);
        Assert.Equal(content, stored.Content.ToArray());
        Assert.Equal(("text/csv", etag), (stored.Details.ContentType, stored.Details.ETag));
        Assert.False(upload.CanWrite);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await upload.WriteAsync(content, Cancel));
    }

    [Fact]
    public async Task An_upload_that_is_not_committed_leaves_the_older_blob()
    {
        await Blob.UploadAsync(BinaryData.FromString("older"), Cancel);

        await using (BlockUploadStream upload = _storage.StartUpload(BlobLayout.Results, Name))
            await upload.WriteAsync(Bytes((2 * BlockUploadStream.BlockBytes) + 1, seed: 1), Cancel);

        Assert.Equal("older", $"{(await Blob.DownloadContentAsync(Cancel)).Value.Content}");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(BlockUploadStream.BlockBytes + 10)]
    public async Task A_commit_keeps_its_conditions(int length)
    {
        await Blob.UploadAsync(BinaryData.FromString("older"), Cancel);
        await using BlockUploadStream upload = _storage.StartUpload(BlobLayout.Results, Name);
        await upload.WriteAsync(Bytes(length, seed: 1), Cancel);

        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => upload.CommitAsync(new BlobRequestConditions { IfNoneMatch = ETag.All }, Cancel));

        Assert.True(refusal.IsOvertaken());
        Assert.Equal("older", $"{(await Blob.DownloadContentAsync(Cancel)).Value.Content}");
    }

    [Fact]
    public async Task Two_uploads_of_one_blob_never_mix()
    {
        byte[][] contents = [Bytes((2 * BlockUploadStream.BlockBytes) + 1, seed: 1), Bytes((2 * BlockUploadStream.BlockBytes) + 1, seed: 2)];
        await using BlockUploadStream first = _storage.StartUpload(BlobLayout.Results, Name);
        await using BlockUploadStream second = _storage.StartUpload(BlobLayout.Results, Name);
        await first.WriteAsync(contents[0], Cancel);
        await second.WriteAsync(contents[1], Cancel);

        await first.CommitAsync(Cancel);
        Assert.Equal(contents[0], (await Blob.DownloadContentAsync(Cancel)).Value.Content.ToArray());
        try
        {
            await second.CommitAsync(Cancel);
            Assert.Equal(contents[1], (await Blob.DownloadContentAsync(Cancel)).Value.Content.ToArray());
        }
        catch (RequestFailedException)
        {
            // Its blocks were discarded by the first commit.
            Assert.Equal(contents[0], (await Blob.DownloadContentAsync(Cancel)).Value.Content.ToArray());
        }
    }

    [Fact]
    public async Task Blocks_that_an_earlier_versions_upload_left_behind_do_not_matter()
    {
        // The length of the ids of Azure's client, which earlier versions used.
        await _storage.Container(BlobLayout.Results).GetBlockBlobClient(Name).StageBlockAsync(
            Convert.ToBase64String(new byte[48]), new MemoryStream(Bytes(10, seed: 3)), options: null, Cancel);
        byte[] content = Bytes(BlockUploadStream.BlockBytes + 1, seed: 1);

        await using (BlockUploadStream upload = _storage.StartUpload(BlobLayout.Results, Name))
        {
            await upload.WriteAsync(content, Cancel);
            await upload.CommitAsync(Cancel);
        }

        Assert.Equal(content, (await Blob.DownloadContentAsync(Cancel)).Value.Content.ToArray());
    }

    [Theory]
    [InlineData(StorageFault.LostAnswer)]
    [InlineData(StorageFault.LostRequest)]
    [InlineData(StorageFault.CutAnswer)]
    public async Task A_request_that_fails_is_sent_again_and_changes_nothing(StorageFault fault)
    {
        byte[] content = Bytes((2 * BlockUploadStream.BlockBytes) + 1, seed: 1);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_account, Cancel);
        PipelineStorage disturbed = proxy.Open(retries: 3);
        // Three blocks and the commit.
        for (int number = 1; number <= 4; number++)
        {
            proxy.Plan = new OneFault(number, fault).Choose;
            await using (BlockUploadStream upload = disturbed.StartUpload(BlobLayout.Results, $"{number}"))
            {
                await upload.WriteAsync(content, Cancel);
                await upload.CommitAsync(Cancel);
            }

            Assert.Equal(content, (await _storage.FindContentAsync(BlobLayout.Results, $"{number}", Cancel))!.Content.ToArray());
        }
    }

    [Fact]
    public async Task A_block_that_does_not_arrive_fails_the_upload()
    {
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_account, Cancel);
        proxy.Plan = _ => StorageFault.InternalError;
        await using BlockUploadStream upload = proxy.Open(retries: 0).StartUpload(BlobLayout.Results, Name);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await upload.WriteAsync(Bytes(BlockUploadStream.BlockBytes + 1, seed: 1), Cancel);
            await upload.CommitAsync(Cancel);
        });

        Assert.Null(await _storage.FindETagAsync(BlobLayout.Results, Name, Cancel));
    }

    [Fact]
    public void A_name_that_would_reach_another_blob_is_refused() =>
        Assert.Throws<InvalidDataException>(() => _storage.StartUpload(BlobLayout.Results, "../models/champion.json"));

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewStorageAsync(Cancel);
        _storage = _account.Storage;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private BlobClient Blob => _storage.Blob(BlobLayout.Results, Name);

    private static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
