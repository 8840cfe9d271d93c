using KeypointPipeline.Datasets;
using KeypointPipeline.Errors;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Tests.Running;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

public sealed class RunCommandTests(AzuriteFixture azurite)
{
    private static readonly TrainingSettings Settings = new(Epochs: 30, Network: "ml-resnet-small", BatchSize: 20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_and_started_again_it_waits_for_its_own_lock_and_ends_at_the_same_model()
    {
        using var folder = TestFolder.Create("run-command");
        TestStorage test = await azurite.NewStorageAsync(Cancellation);
        DatasetManifest manifest = await TinyFaces.UploadAsync(test.Storage, folder.Path, rows: 40, seed: 1, Cancellation);
        var runs = new TrainingRunStore(test.Storage);
        foreach (string run in new[] { "undisturbed", "killed" })
            await runs.WriteRequestAsync(LocalRun.Request(run, manifest, Settings), Cancellation);

        using (var victim = Start("killed", test))
        {
            await TrainerProcess.WaitForAsync(victim.Error, "Epoch 5", Cancellation);
            victim.Kill();
        }

        using var undisturbed = Start("undisturbed", test);
        using var again = Start("killed", test);
        Assert.Equal(ExitCodes.Success, (await undisturbed.EndAsync(Cancellation)).ExitCode);
        Assert.Equal(ExitCodes.Success, (await again.EndAsync(Cancellation)).ExitCode);

        Assert.Equal(await ModelAsync(test.Storage, "undisturbed"), await ModelAsync(test.Storage, "killed"));
        TrainerDevice device = (await runs.FindStatusAsync("killed", Cancellation))!.Device!;
        IReadOnlyList<string> lines = await runs.ListLogAsync("killed", Cancellation);
        Assert.EndsWith($"Computing on {device}", lines.First(line => line.Contains("Computing on", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.EndsWith("The model is written", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("AccountKey", string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_storage_it_says_which_variables_to_set()
    {
        using var trainer = new TrainerProcess(TrainerCommandLine.ForRun("x"));

        (int code, _, string error) = await trainer.EndAsync(Cancellation);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(TrainerVariables.StorageUri, error, StringComparison.Ordinal);
    }

    private static TrainerProcess Start(string run, TestStorage test) => new(TrainerCommandLine.ForRun(run), test.ConnectionString);

    private static async Task<byte[]> ModelAsync(PipelineStorage storage, string run) =>
        (await storage.Blob(BlobLayout.Runs, $"{run}/{TrainingRunFiles.Model}").DownloadContentAsync(Cancellation)).Value.Content.ToArray();
}
