using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Functions.Triggers;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows.Drops;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Triggers;

public sealed class BlobTriggersTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_whose_name_cannot_be_asked_for_ends_as_a_record_and_not_in_the_poison_queue()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await RawBlobs.PutAsync(account.ConnectionString, "datasets/a%5Cb.csv", "x", Cancel);
        await using DurableTaskTestHost host = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), Cancel);
        var triggers = new BlobTriggers(account.Storage, Triggers(account.Storage));

        // The event comes twice.
        for (int i = 0; i < 2; i++)
        {
            await triggers.DatasetDroppedAsync(
                account.Storage.Container(BlobLayout.Datasets).GetBlobClient("a\\b.csv"), "a\\b.csv", host.Client, Cancel);
        }

        var record = await account.Storage.ReadAsync<UnstartedBlob>(BlobLayout.Rejected, "datasets/a%5Cb.csv.unstarted.json", Cancel);
        Assert.Equal(("datasets/a\\b.csv", null, Now), (record!.Value.Blob, record.Value.ETag, record.Value.RecordedAt));
        Assert.Contains("Upload it under another name", record.Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_with_such_a_name_is_left_to_its_batch()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await using DurableTaskTestHost host = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), Cancel);
        var triggers = new BlobTriggers(account.Storage, Triggers(account.Storage));

        await triggers.ImagesDroppedAsync(
            account.Storage.Container(BlobLayout.Images).GetBlobClient("people/a\\b.jpg"), "people/a\\b.jpg", host.Client, Cancel);

        Assert.Empty(await account.Storage.ListAsync(BlobLayout.Rejected, prefix: null, Cancel).ToListAsync(Cancel));
    }

    private static DropTriggers Triggers(PipelineStorage storage)
    {
        var time = new FakeTimeProvider(Now);
        return new DropTriggers(new HandledDrops(storage, time), storage, time, NullLogger<DropTriggers>.Instance);
    }
}
