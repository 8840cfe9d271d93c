using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Local.Tests.Training;

public sealed class TrainerProcessesTests
{
    private static readonly Dictionary<string, string> Nowhere = new()
    {
        [TrainerVariables.Storage] = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AA==;BlobEndpoint=http://127.0.0.1:1/a;",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trainer_that_was_asked_to_end_is_known_as_stopped_until_another_is_started()
    {
        using TemporaryFolder folder = TestFolder.Create("trainers");
        var trainers = new TrainerProcesses(folder.Path);
        await trainers.StartAsync("run", Nowhere, Cancel);
        Assert.False(trainers.WasStopped("run"));

        await trainers.StopAsync("run", Cancel);
        Assert.True(trainers.WasStopped("run"));

        await trainers.StartAsync("run", Nowhere, Cancel);
        Assert.False(trainers.WasStopped("run"));
        await trainers.StopAllAsync(Cancel);
    }

    [Fact]
    public async Task A_trainer_that_was_killed_is_gone_and_the_signal_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        using TemporaryFolder folder = TestFolder.Create("trainers");
        var launcher = new ChildProcessTrainerLauncher(
            new TrainerProcessOptions(folder.Path, Nowhere[TrainerVariables.Storage]), NullLogger<ChildProcessTrainerLauncher>.Instance);
        await launcher.StartAsync("run", Cancel);
        Assert.Null((await launcher.LookAsync("run", Cancel)).End);

        ProcessIdentity process = new TrainerProcesses(folder.Path).Find("run")!;
        process.Kill();
        Assert.True(await process.WaitForEndAsync(TimeSpan.FromMinutes(1), Cancel));
        TrainerSighting sighting = await launcher.LookAsync("run", Cancel);

        Assert.True(sighting.IsGone);
        Assert.Equal("killed (signal 9, most likely out of memory)", sighting.End);
    }
}
