using Azure.Core;
using Azure.Storage.Blobs;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Storage;

public sealed class StoragePatienceTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private TestStorage _account = null!;
    private FaultyProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_never_answers_is_asked_again()
    {
        byte[] content = await UploadAsync(10);
        _proxy.Plan = new OneFault(1, StorageFault.Silence).Choose;

        BinaryData read = (await Blob(_proxy.Open(retries: 2, Silence)).DownloadContentAsync(Cancel)).Value.Content;

        Assert.Equal(content, read.ToArray());
        Assert.Equal(2, _proxy.Seen.Count);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_given_up_in_the_end()
    {
        await UploadAsync(10);
        _proxy.Plan = _ => StorageFault.Silence;

        AggregateException error = await Assert.ThrowsAsync<AggregateException>(
            () => Blob(_proxy.Open(retries: 1, Silence)).DownloadContentAsync(Cancel));

        Assert.All(error.InnerExceptions, inner => Assert.IsAssignableFrom<OperationCanceledException>(inner));
        Assert.Equal(2, _proxy.Seen.Count);
    }

    [Fact]
    public async Task A_refusal_that_stops_in_the_middle_is_asked_for_again()
    {
        await _account.Storage.EnsureContainersAsync(Cancel);
        _proxy.Plan = new OneFault(1, StorageFault.SilentAnswer).Choose;

        StoredDocument<string>? missing = await _proxy.Open(retries: 2, Silence).ReadAsync<string>(BlobLayout.Results, "missing.json", Cancel);

        Assert.Null(missing);
        Assert.Equal(2, _proxy.Seen.Count);
    }

    [Fact]
    public async Task A_download_that_stops_in_the_middle_goes_on_from_there()
    {
        byte[] content = await UploadAsync(200_000);
        using TemporaryFolder folder = TestFolder.Create("patience");
        foreach (StorageFault fault in (StorageFault[])[StorageFault.SilentAnswer, StorageFault.CutAnswer])
        {
            _proxy.Plan = new OneFault(1, fault).Choose;

            using (await Blob(_proxy.Open(retries: 2, Silence)).DownloadToAsync(folder.File($"{fault}"), Cancel))
                Assert.Equal(content, await File.ReadAllBytesAsync(folder.File($"{fault}"), Cancel));
        }

        Assert.Equal(4, _proxy.Seen.Count);
    }

    [Fact]
    public async Task A_slow_answer_is_read_to_its_end_as_long_as_something_comes()
    {
        byte[] content = await UploadAsync(100_000);
        _proxy.Plan = _ => StorageFault.Slow;
        _proxy.Pause = Silence / 6; // eight of them are longer than the silence

        await using Stream stream = await Blob(_proxy.Open(retries: 0, Silence)).OpenReadAsync(cancellationToken: Cancel);
        var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancel);

        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task An_upload_is_given_the_time_that_its_size_takes()
    {
        byte[] content = new byte[10 << 20];
        new Random(1).NextBytes(content);
        _proxy.Plan = _ => StorageFault.Slow;
        _proxy.Pause = 1.5 * Silence;

        await Blob(_proxy.Open(retries: 0, Silence)).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);

        Assert.Equal(content, (await Blob(_account.Storage).DownloadContentAsync(Cancel)).Value.Content.ToArray());
    }

    [Fact]
    public void Steps_give_up_soon_because_they_are_tried_again_and_trainers_outlast_a_minute()
    {
        RetryOptions steps = StoragePatience.ForSteps().Retry;
        RetryOptions trainer = StoragePatience.ForTrainer().Retry;

        Assert.InRange(Refusals(steps).TotalSeconds, 15, 30);
        Assert.InRange(Longest(steps).TotalMinutes, 0, 4);
        Assert.InRange(Refusals(trainer).TotalSeconds, 65, 120);
        Assert.InRange(Longest(trainer).TotalMinutes, 0, 8);
    }

    [Fact]
    public void A_training_is_looked_at_for_longer_than_its_trainer_waits_for_storage()
    {
        StepRetry looking = CheckTrainer.Ref.Retry;

        double seconds = Enumerable.Range(1, looking.MaxAttempts - 1).Sum(failed => looking.DelayAfter(failed).TotalSeconds);

        Assert.InRange(TimeSpan.FromSeconds(seconds), Longest(StoragePatience.ForTrainer().Retry), TrainingSlot.Lease);
    }

    [Fact]
    public void After_a_minute_of_silence_a_trainers_heartbeat_comes_before_it_is_taken_for_gone()
    {
        RetryOptions trainer = StoragePatience.ForTrainer().Retry;

        // The last heartbeat was written just before; the first try that is answered begins when the one before it is given up.
        TimeSpan age = TrainingStatus.HeartbeatInterval + TimeSpan.FromMinutes(1) + trainer.NetworkTimeout + (1.2 * trainer.MaxDelay);

        Assert.True(age < CheckTrainer.StallAfter, $"{age}");
    }

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewStorageAsync(Cancel);
        _proxy = await FaultyProxy.StartAsync(_account, Cancel);
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private static BlobClient Blob(PipelineStorage storage) => storage.Blob(BlobLayout.Models, "blob");

    private static TimeSpan Refusals(RetryOptions retry) => TimeSpan.FromSeconds(Enumerable.Range(0, retry.MaxRetries)
        .Sum(n => Math.Min(retry.Delay.TotalSeconds * Math.Pow(2, n), retry.MaxDelay.TotalSeconds)));

    private static TimeSpan Longest(RetryOptions retry) => Refusals(retry) + (retry.NetworkTimeout * (retry.MaxRetries + 1));

    private async Task<byte[]> UploadAsync(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        await Blob(_account.Storage).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
        return content;
    }
}
