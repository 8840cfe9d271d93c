using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps;

/// <summary>Files that are uploaded anew while a step works on them: what it does under the older event's id must not be of the newer
/// content.</summary>
public sealed class ReplacedInputTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = TestFolder.Create("replaced");
    private TestStorage _account = null!;
    private FaultyProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", 1)]
    [InlineData("HEAD", 2)]
    public async Task A_dataset_that_is_replaced_while_it_is_read_is_left_to_the_newer_event(string method, int number)
    {
        string etag = await UploadAsync(BlobLayout.Datasets, "a.csv", Packing.Utf8(SmallTable.With(30)));
        ReplaceBefore(method, number, BlobLayout.Datasets, "a.csv", Packing.Utf8(SmallTable.With(50)));

        PrepareDatasetOutput output = await PrepareAsync("a.csv", etag);

        Assert.Null(output.DatasetId);
        Assert.Contains("was replaced", output.Reason, StringComparison.Ordinal);
        Assert.Empty(await NamesAsync(BlobLayout.Prepared));
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 3)]
    public async Task A_refused_file_that_is_replaced_before_it_is_kept_is_not_mistaken_for_the_newer_one(string method, int number)
    {
        string etag = await UploadAsync(BlobLayout.Datasets, "bad.csv", Packing.Utf8("nose_x,nose_y\n1,2\n"));
        ReplaceBefore(method, number, BlobLayout.Datasets, "bad.csv", Packing.Utf8(SmallTable.With(30)));

        PrepareDatasetOutput output = await PrepareAsync("bad.csv", etag);

        Assert.Contains("was replaced", output.Reason, StringComparison.Ordinal);
        Assert.Empty(await NamesAsync(BlobLayout.Rejected));
    }

    [Fact]
    public async Task A_late_event_of_a_batch_that_was_dropped_again_takes_nothing_from_the_newer_one()
    {
        string older = await UploadAsync(BlobLayout.Images, "people/_READY", []);
        await UploadAsync(BlobLayout.Images, "people/a.png", [1]);
        await UploadAsync(BlobLayout.Images, "people/_READY", [2]);
        await UploadAsync(BlobLayout.Results, "people/summary.json", "{}"u8.ToArray());

        PermanentStepException refusal = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(older));

        Assert.Contains("dropped again", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["people/summary.json"], await NamesAsync(BlobLayout.Results));
    }

    [Fact]
    public async Task A_zip_that_is_replaced_before_it_is_fetched_is_left_to_the_newer_event()
    {
        string older = await UploadAsync(BlobLayout.Images, "people.zip", Packing.Zip(("a.png", [1])));
        ReplaceBefore("GET", 1, BlobLayout.Images, "people.zip", Packing.Zip(("a.png", [1]), ("b.png", [2])));

        PermanentStepException refusal = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(older));

        Assert.Contains("was replaced", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await NamesAsync(BlobLayout.Results));
    }

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewStorageAsync(Cancel);
        _proxy = await FaultyProxy.StartAsync(_account, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    private void ReplaceBefore(string method, int number, string container, string name, byte[] content)
    {
        int seen = 0;
        _proxy.Before = async request =>
        {
            if (request.Method == method && request.Blob == name && Interlocked.Increment(ref seen) == number)
                await UploadAsync(container, name, content);
        };
    }

    /// <summary>As the engine runs it: a try that failed is followed by another.</summary>
    private async Task<PrepareDatasetOutput> PrepareAsync(string path, string etag)
    {
        PipelineStorage storage = _proxy.Open();
        var step = new PrepareDataset(
            storage, new PreparedDatasetStore(storage), new DatasetPreparation(TimeProvider.System), new WorkFolder(_folder.Path));
        try
        {
            return await step.RunAsync(new PrepareDatasetInput(path, etag), Cancel);
        }
        catch (Exception e) when (e is not PermanentStepException)
        {
            return await step.RunAsync(new PrepareDatasetInput(path, etag), Cancel);
        }
    }

    private async Task<BatchPlan> PlanAsync(string etag)
    {
        PipelineStorage storage = _proxy.Open();
        using var images = new BatchImages(storage, new WorkFolder(_folder.Path));
        return await new PlanBatch(storage, images, TimeProvider.System).RunAsync(new PlanBatchInput("people", etag, "batch-1", "v0"), Cancel);
    }

    private async Task<string> UploadAsync(string container, string name, byte[] content)
    {
        BlobContentInfo uploaded = await _account.Storage.Blob(container, name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
        return uploaded.ETag.ToString();
    }

    private async Task<string[]> NamesAsync(string container) =>
        [.. (await _account.Storage.Container(container).GetBlobsAsync(cancellationToken: Cancel).ToListAsync(Cancel)).Select(blob => blob.Name)];
}
