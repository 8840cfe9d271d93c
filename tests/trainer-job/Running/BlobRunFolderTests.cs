using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KeypointPipeline.Datasets;
using KeypointPipeline.Errors;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Running;

public sealed class BlobRunFolderTests(AzuriteFixture azurite) : IDisposable
{
    private const string RunId = "run-1";
    private static readonly TrainingSettings Settings = new(Epochs: 2, Network: "ml-resnet-small", BatchSize: 32);

    private readonly TemporaryFolder _folder = TestFolder.Create("blobs");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_in_blobs_is_carried_out_and_its_marker_written()
    {
        PipelineStorage storage = await PlanAsync();

        int code = await RunAsync(storage, TimeProvider.System);

        Assert.Equal(ExitCodes.Success, code);
        var runs = new TrainingRunStore(storage);
        Assert.Equal(2, (await runs.FindResultAsync(RunId, Cancellation))!.EpochsTrained);
        Assert.Equal(TrainingState.Completed, (await runs.FindStatusAsync(RunId, Cancellation))!.State);
        foreach (string file in new[] { TrainingRunFiles.Model, TrainingRunFiles.Metrics, TrainingRunFiles.Checkpoint })
            Assert.True(await storage.Blob(BlobLayout.Runs, $"{RunId}/{file}").ExistsAsync(Cancellation), file);
        Assert.Equal(ExitCodes.Success, await RunAsync(storage, TimeProvider.System));
    }

    [Fact]
    public async Task A_trainer_waits_a_minute_for_another_one_and_then_gives_way()
    {
        PipelineStorage storage = await PlanAsync();
        var blob = storage.Blob(BlobLayout.Runs, $"{RunId}/{TrainingRunFiles.Lock}");
        await blob.UploadAsync(BinaryData.Empty, Cancellation);
        await blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancellation);
        var time = new FakeTimeProvider();

        Task<int> running = RunAsync(storage, time);
        DateTimeOffset start = time.GetUtcNow();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return running.IsCompleted;
            },
            "the trainer's end");

        Assert.Equal(ExitCodes.AlreadyRunning, await running);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromSeconds(60));
        Assert.Null(await new TrainingRunStore(storage).FindStatusAsync(RunId, Cancellation));
    }

    [Fact]
    public async Task A_released_lock_is_free_at_once()
    {
        PipelineStorage storage = await PlanAsync();
        BlobRunFolder folder = Folder(storage, TimeProvider.System);
        await using (IRunLock? first = await folder.TryLockAsync(Cancellation))
            Assert.NotNull(first);

        await using IRunLock? second = await folder.TryLockAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.NotNull(second);
    }

    [Fact]
    public async Task A_lock_that_was_taken_over_says_so()
    {
        PipelineStorage storage = await PlanAsync();
        var time = new FakeTimeProvider();
        await using IRunLock? runLock = await Folder(storage, time).TryLockAsync(Cancellation);
        var blob = storage.Blob(BlobLayout.Runs, $"{RunId}/{TrainingRunFiles.Lock}");

        await TakeOverAsync(blob);

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return runLock!.Lost.IsCancellationRequested;
            },
            "the lost lock");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The holder's first renewal may come between the two calls; then again.</summary>
    private static async Task TakeOverAsync(BlobClient blob)
    {
        while (true)
        {
            await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
            try
            {
                await blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancellation);
                return;
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
            {
                // It did.
            }
        }
    }

    private async Task<PipelineStorage> PlanAsync()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancellation)).Storage;
        DatasetManifest manifest = await TinyFaces.UploadAsync(storage, _folder.Path, rows: 150, seed: 1, Cancellation);
        await new TrainingRunStore(storage).WriteRequestAsync(LocalRun.Request(RunId, manifest, Settings), Cancellation);
        return storage;
    }

    private BlobRunFolder Folder(PipelineStorage storage, TimeProvider time) =>
        new(storage, RunId, Directory.CreateDirectory(_folder.File("cache")).FullName, time, NullLogger.Instance);

    private Task<int> RunAsync(PipelineStorage storage, TimeProvider time) =>
        new TrainingRunner(Folder(storage, time), time, NullLogger.Instance).RunAsync(Cancellation);
}
