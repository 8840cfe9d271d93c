using KeypointPipeline.Inference.Results;
using KeypointPipeline.Local.Demo;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>The host as a process of its own, killed with -9 again and again: everything that was dropped comes to the same end as
/// without.</summary>
public sealed class KilledHostTests
{
    private const int Kills = 20;
    private const int Rows = 100;
    private const int ImageCount = 499;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_killed_at_random_moments_of_ingest_training_and_a_batch_of_500_ends_as_an_undisturbed_one()
    {
        using var folder = TestFolder.Create("kill");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, Rows, seed: 4, Cancel);
        string images = await DrawnInputs.DrawImagesAsync(folder, ImageCount, Cancel);

        Outcome undisturbed = await RunAsync(folder, "undisturbed", dataset, images, kills: 0);
        Outcome disturbed = await RunAsync(folder, "killed", dataset, images, Kills);

        Assert.Equal(ImageCount + 1, undisturbed.Images.Length);
        Assert.Equal(undisturbed.ModelSha256, disturbed.ModelSha256);
        Assert.Equal(undisturbed.Images, disturbed.Images);
        Assert.Equal(undisturbed.Csv, disturbed.Csv);
    }

    /// <summary>Kills happen at moments spread over the whole run: each comes a random while after the host is up again, short
    /// enough that the last one falls before the end.</summary>
    private static async Task<Outcome> RunAsync(TemporaryFolder folder, string name, string dataset, string images, int kills)
    {
        string home = folder.File($"{name} home");
        var moments = new Random(20);
        HostProcess host = await HostProcess.StartAsync(home, Cancel);
        try
        {
            DroppedItem ingest = await new Dropper(host.Storage).DropAsync(dataset, name: null, progress: null, Cancel);
            DroppedItem batch = await new Dropper(host.Storage).DropAsync(images, name: null, progress: null, Cancel);
            for (int kill = 0; kill < kills; kill++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(moments.Next(50, 1500)), Cancel);
                await host.KillAsync();
                await host.DisposeAsync();
                host = await HostProcess.StartAsync(home, Cancel);
            }

            var ingested = SmallPipeline.Output<IngestDatasetOutput>(await SmallPipeline.WaitAsync(host.FindAsync, ingest.InstanceId, Cancel));
            var predicted = SmallPipeline.Output<InferBatchOutput>(await SmallPipeline.WaitAsync(host.FindAsync, batch.InstanceId, Cancel));
            Assert.True(ingested.Training!.Trained, ingested.Training.Reason);
            ModelManifest model = Assert.Single(await new ModelRegistry(host.Storage, TimeProvider.System).ListAsync(Cancel));
            Assert.Equal(model.Version, predicted.ModelVersion);
            DemoResults results = await DemoResults.DownloadAsync(host.Storage, batch.Name, folder.File($"{name} results"), Cancel);
            return new Outcome(
                model.ModelSha256,
                [.. results.Images.Select(i => i.Image)],
                await File.ReadAllTextAsync(results.File(ResultFiles.Csv), Cancel));
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>What must not depend on kills.</summary>
    private sealed record Outcome(string ModelSha256, string[] Images, string Csv);
}
