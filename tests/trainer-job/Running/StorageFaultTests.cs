using KeypointPipeline.Datasets;
using KeypointPipeline.Errors;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Running;

/// <summary>Trainings over storage that fails.</summary>
public sealed class StorageFaultTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly TrainingSettings Settings = new(Epochs: 2, Network: "ml-resnet-small", BatchSize: 32);

    private readonly TemporaryFolder _folder = TestFolder.Create("faults");
    private TestStorage _account = null!;
    private FaultyProxy _proxy = null!;
    private TrainingRunStore _runs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_over_storage_that_fails_one_request_in_three_ends_at_the_same_model()
    {
        await PlanAsync("undisturbed", "disturbed");
        Assert.Equal(ExitCodes.Success, await RunAsync("undisturbed", _account.Storage));
        _proxy.Plan = new SeededFaults(
            20,
            1 / 3.0,
            StorageFault.InternalError,
            StorageFault.ServerBusy,
            StorageFault.LostRequest,
            StorageFault.LostAnswer,
            StorageFault.FalseAlarm,
            StorageFault.CutAnswer).Choose;

        Assert.Equal(ExitCodes.Success, await RunAsync("disturbed", Open(retries: 20)));

        Assert.Equal(await ModelAsync("undisturbed"), await ModelAsync("disturbed"));
        Assert.Equal(TrainingState.Completed, (await _runs.FindStatusAsync("disturbed", Cancel))!.State);
        Assert.Contains(_proxy.Seen, seen => seen is { Fault: StorageFault.LostAnswer, Request: { Method: "PUT", Blob: "disturbed/model.onnx" } });
    }

    [Theory]
    [InlineData(StorageFault.Silence)]
    [InlineData(StorageFault.LostRequest)]
    [InlineData(StorageFault.ServerBusy)]
    public async Task A_model_that_storage_does_not_take_is_no_failed_training_and_the_next_start_ends_it(StorageFault fault)
    {
        await PlanAsync("run");
        _proxy.Plan = request => request.Blob == $"run/{TrainingRunFiles.Model}" ? fault : StorageFault.None;

        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync("run", Open(retries: 1, silence: TimeSpan.FromSeconds(2))));
        Assert.NotEqual(TrainingState.Failed, (await _runs.FindStatusAsync("run", Cancel))!.State);
        Assert.Null(await _runs.FindResultAsync("run", Cancel));

        _proxy.Plan = _ => StorageFault.None;
        Assert.Equal(ExitCodes.Success, await RunAsync("run", Open(retries: 1)));
        Assert.Equal((await _runs.FindResultAsync("run", Cancel))!.ModelBytes, (await ModelAsync("run")).Length);
    }

    [Fact]
    public async Task Storage_that_goes_away_once_the_marker_is_there_does_not_make_a_completed_run_another()
    {
        await PlanAsync("run");
        bool marked = false;
        _proxy.Plan = request =>
        {
            bool away = marked;
            marked |= request.Method == "PUT" && request.Blob == $"run/{TrainingRunFiles.Result}";
            return away ? StorageFault.LostRequest : StorageFault.None;
        };

        Assert.Equal(ExitCodes.Success, await RunAsync("run", Open(retries: 1)));

        Assert.NotNull(await _runs.FindResultAsync("run", Cancel));
    }

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewStorageAsync(Cancel);
        _proxy = await FaultyProxy.StartAsync(_account, Cancel);
        _runs = new TrainingRunStore(_account.Storage);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    private PipelineStorage Open(int retries, TimeSpan? silence = null) =>
        _proxy.Open(FaultyProxy.Hurry(StoragePatience.ForTrainer(), retries, silence));

    private async Task PlanAsync(params string[] runs)
    {
        DatasetManifest manifest = await TinyFaces.UploadAsync(_account.Storage, _folder.File("data"), rows: 150, seed: 1, Cancel);
        foreach (string run in runs)
            await _runs.WriteRequestAsync(LocalRun.Request(run, manifest, Settings), Cancel);
    }

    // On the CPU, where the same training gives the same bytes.
    private Task<int> RunAsync(string run, PipelineStorage storage)
    {
        string cache = Directory.CreateDirectory(_folder.File($"cache {Guid.NewGuid():N}")).FullName;
        var folder = new BlobRunFolder(storage, run, cache, TimeProvider.System, NullLogger.Instance);
        return new TrainingRunner(folder, TimeProvider.System, NullLogger.Instance, deviceWish: "cpu").RunAsync(Cancel);
    }

    private async Task<byte[]> ModelAsync(string run) =>
        (await _account.Storage.Blob(BlobLayout.Runs, $"{run}/{TrainingRunFiles.Model}").DownloadContentAsync(Cancel)).Value.Content.ToArray();
}
