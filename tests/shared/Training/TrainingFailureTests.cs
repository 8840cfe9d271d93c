using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Errors;
using KeypointPipeline.Models;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training;

public sealed class TrainingFailureTests(AzuriteFixture azurite)
{
    private static readonly TrainingSettings Settings = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_is_remembered_for_its_data_and_settings_until_a_run_of_them_completes()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var runs = new TrainingRunStore(storage);
        await PlanAsync(runs, "run-1");
        await PlanAsync(runs, "run-2");

        await runs.RememberFailureAsync("run-1", "The loss is not a number.", Cancel);
        TrainingFailure? remembered = await runs.FindFailureAsync("f1", new TrainingSettings(), Cancel);
        TrainingFailure? otherData = await runs.FindFailureAsync("f2", Settings, Cancel);
        TrainingFailure? otherSettings = await runs.FindFailureAsync("f1", new TrainingSettings(Seed: 2), Cancel);
        await runs.ForgetFailureAsync("run-2", Cancel);

        Assert.Equal(new TrainingFailure("run-1", "The loss is not a number.", "f1", Settings, ProgramVersion.Current), remembered);
        Assert.Null(otherData);
        Assert.Null(otherSettings);
        Assert.Null(await runs.FindFailureAsync("f1", Settings, Cancel));
    }

    [Fact]
    public async Task Another_version_of_the_pipeline_tries_again()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var runs = new TrainingRunStore(storage);
        await PlanAsync(runs, "run-1");
        await runs.RememberFailureAsync("run-1", "It failed.", Cancel);
        string name = Assert.Single(await storage.ListAsync(BlobLayout.Runs, "failures/", Cancel).ToListAsync(Cancel)).Name;
        TrainingFailure stored = (await storage.ReadAsync<TrainingFailure>(BlobLayout.Runs, name, Cancel))!.Value;

        await storage.WriteAsync(BlobLayout.Runs, name, stored with { CodeVersion = "0.0.1" }, Cancel);

        Assert.Null(await runs.FindFailureAsync("f1", Settings, Cancel));
    }

    [Fact]
    public async Task The_skip_reason_names_the_address_that_forces_a_training()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var runs = new TrainingRunStore(storage);
        await PlanAsync(runs, "run-1");
        await runs.RememberFailureAsync("run-1", "It failed.", Cancel);

        string? reason = await TrainingNeed.ResolveAsync(
            new TrainingContent("f1", Settings, new HashSet<string>()), [], new ModelRegistry(storage, TimeProvider.System), runs, Cancel);

        Assert.Contains($"POST {ApiRoute.Of<RequestRetrain>().Pattern} with ", reason, StringComparison.Ordinal);
        Assert.Contains("run-1", reason, StringComparison.Ordinal);
    }

    private static Task PlanAsync(TrainingRunStore runs, string run) => runs.WriteRequestAsync(
        new TrainingRequest(run, ["ds-1"], ModelExamples.Schema, "f1", Settings, DateTimeOffset.UnixEpoch), Cancel);
}
