using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>Kills and stops real processes. The outcome of every drop must equal that of an undisturbed run.</summary>
public sealed class ChaosTests
{
    private const int Rounds = 20;
    private const int Rows = 60;

    private static readonly TrainingSettings Training = new(Epochs: 6, Network: "ml-resnet-small");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_trainer_and_storage_server_killed_at_random_moments_come_to_the_same_end_as_undisturbed_ones()
    {
        using TemporaryFolder folder = TestFolder.Create("chaos");
        ChaosInputs inputs = await ChaosInputs.DrawAsync(folder.File("drops"), Rows, images: 99, zipped: 20, Cancel);
        var trial = new ChaosTrial(folder.Path, inputs, Training, longestPause: TimeSpan.FromSeconds(1.5));

        ChaosTally tally = await trial.RunAsync(Rounds, seed: 1, new Progress<ChaosTally>(), Cancel);

        Assert.True(tally.Wrong.Count == 0, string.Join(Environment.NewLine, tally.Wrong));
        Assert.Equal(Rounds, tally.Struck.Count);
        Assert.Equal(Enum.GetValues<ChaosFault>(), tally.Struck.Distinct().Order());
        Assert.Contains("models/champion.json", tally.Undisturbed.Blobs.Keys);
        Assert.Contains("results/photos/summary.json", tally.Undisturbed.Blobs.Keys);
        Assert.Contains("results/more photos/summary.json", tally.Undisturbed.Blobs.Keys);
        Assert.Contains("rejected/shopping.csv", tally.Undisturbed.Blobs.Keys);
    }

    [Fact]
    public async Task A_host_asked_to_end_while_it_trains_leaves_no_process_and_the_next_one_goes_on()
    {
        using TemporaryFolder folder = TestFolder.Create("stop");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, Rows, seed: 4, Cancel);
        await using var host = new ChaosHost(folder.File("home"), Training);
        host.Launch();
        await Eventually.TrueAsync(() => host.FindStorage() is not null);
        DroppedItem drop = await new Dropper(host.FindStorage()!).DropAsync(dataset, name: null, progress: null, Cancel);
        await Eventually.TrueAsync(() => host.Trainer is not null);

        Assert.Null(await host.StopAsync(Cancel));
        Assert.Contains("trainings save a checkpoint first", await host.ReadPrintedAsync(), StringComparison.Ordinal);

        host.Launch();
        await Eventually.TrueAsync(() => host.HasEndedAsync(drop.InstanceId, Cancel));
        Assert.NotNull(await new ModelRegistry(host.FindStorage()!, TimeProvider.System).GetChampionAsync(Cancel));
    }
}
