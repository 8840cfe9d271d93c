using KeypointPipeline.Datasets;
using KeypointPipeline.Errors;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.TrainerJob.Tests.Running;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

/// <summary>The trainer's process with its real patience, and storage that is away for a minute. Takes minutes, so it runs only when
/// asked for: <c>-explicit only</c>.</summary>
public sealed class StorageOutageTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>It goes away when the trainer wants to write its model: there is nothing more to do but wait.</summary>
    [Theory(Explicit = true)]
    [InlineData(StorageFault.LostRequest)]
    [InlineData(StorageFault.ServerBusy)]
    [InlineData(StorageFault.Silence)]
    public async Task A_trainer_outlasts_a_minute_without_storage_and_is_not_taken_for_gone(StorageFault fault)
    {
        using TemporaryFolder folder = TestFolder.Create("outage");
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        DatasetManifest manifest = await TinyFaces.UploadAsync(account.Storage, folder.Path, rows: 40, seed: 1, Cancel);
        var runs = new TrainingRunStore(account.Storage);
        await runs.WriteRequestAsync(LocalRun.Request("run", manifest, new TrainingSettings(Epochs: 5, Network: "ml-resnet-small")), Cancel);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(account, Cancel);
        var away = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool back = false;
        proxy.Plan = request =>
        {
            if (request.Method == "PUT" && request.Blob == $"run/{TrainingRunFiles.Model}")
                away.TrySetResult();
            return away.Task.IsCompleted && !Volatile.Read(ref back) ? fault : StorageFault.None;
        };

        using var trainer = new TrainerProcess(TrainerCommandLine.ForRun("run"), proxy.ConnectionString);
        Task<(int ExitCode, string Output, string Error)> ended = trainer.EndAsync(Cancel);
        await Task.WhenAny(away.Task, ended);
        await Task.Delay(Outage, Cancel);
        TrainingStatus before = (await runs.FindStatusAsync("run", Cancel))!;
        Volatile.Write(ref back, true);
        TrainingStatus after = await Eventually.FoundAsync(
            async () => await runs.FindStatusAsync("run", Cancel) is { } status && status != before ? status : null, "the next heartbeat");

        (int code, _, string error) = await ended;
        Assert.True(code == ExitCodes.Success, error);
        TestContext.Current.TestOutputHelper?.WriteLine($"{fault}: {(after.HeartbeatAt - before.HeartbeatAt).TotalSeconds:0.0} s between two heartbeats");
        Assert.InRange(after.HeartbeatAt - before.HeartbeatAt, Outage, CheckTrainer.StallAfter);
        Assert.NotNull(await runs.FindResultAsync("run", Cancel));
    }
}
