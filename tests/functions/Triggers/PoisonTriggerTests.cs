using KeypointPipeline.Functions.Triggers;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows.Drops;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Triggers;

public sealed class PoisonTriggerTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_blob_that_could_not_be_handled_is_recorded_where_refused_files_are_and_stays_where_it_is()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        TestStorage storage = await azurite.NewStorageAsync(cancel);
        await storage.Storage.Blob(BlobLayout.Datasets, "team a/faces.csv").UploadAsync(BinaryData.FromString("x"), cancel);
        using var log = new LogRecorder();
        var time = new FakeTimeProvider(Now);
        var handled = new HandledDrops(storage.Storage, time);
        var trigger = new PoisonTrigger(new DropTriggers(handled, storage.Storage, time, new Logger<DropTriggers>(log)));

        // The message as the host writes it.
        await trigger.RunAsync(
            PipelineJson.Read<PoisonedBlob>(
                """{"FunctionId":"Host.Functions.DatasetDropped","BlobType":"BlockBlob","ContainerName":"datasets","BlobName":"team a/faces.csv","ETag":"\"0x8D\""}"""),
            cancel);

        var record = await storage.Storage.ReadAsync<UnstartedBlob>(BlobLayout.Rejected, "datasets/team a/faces.csv.unstarted.json", cancel);
        Assert.Equal(("datasets/team a/faces.csv", "\"0x8D\"", Now), (record!.Value.Blob, record.Value.ETag, record.Value.RecordedAt));
        Assert.Contains("It is tried again once a day, 5 times.", record.Value.Reason, StringComparison.Ordinal);
        Assert.Equal(Now, (await handled.FindAsync(Drop.OfDataset("team a/faces.csv", "0x8D", sidecarETag: null), cancel))!.PoisonedAt);
        Assert.NotNull(await storage.Storage.FindETagAsync(BlobLayout.Datasets, "team a/faces.csv", cancel));
        Assert.Contains(log.Lines, line => line.StartsWith("Error: Blob datasets/team a/faces.csv could not be handled", StringComparison.Ordinal));
    }
}
