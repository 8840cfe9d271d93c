using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Models;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>The app's orchestrator and activity functions, called by Durable in this process without the Functions host, with real
/// storage and a real trainer.</summary>
public sealed class FunctionsOnDurableTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_leads_from_the_dropped_dataset_to_the_promoted_model()
    {
        using var drop = new ActivitySource($"drop {Guid.NewGuid():N}");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == drop.Name || source.Name == "Microsoft.DurableTask",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        TestStorage storage = await azurite.NewStorageAsync(Cancel);
        using TemporaryFolder folder = TestFolder.Create("functions");
        var launcher = new TracedLauncher(new ChildProcessTrainerLauncher(
            new TrainerProcessOptions(folder.File("trainers"), storage.ConnectionString), NullLogger<ChildProcessTrainerLauncher>.Instance));
        await using EngineRun run = await StartAsync(storage.Storage, folder, launcher);
        string file = await DrawnInputs.DrawDatasetAsync(folder, rows: 40, seed: 3, Cancel);
        string name = Path.GetFileName(file);
        BlobContentInfo uploaded = await storage.Storage.Blob(BlobLayout.Datasets, name).UploadAsync(file, Cancel);
        string etag = uploaded.ETag.ToString();
        string id = InstanceIds.Ingest(name, etag);

        ActivityTraceId trace;
        using (Activity dropped = drop.StartActivity("dropped")!)
        {
            trace = dropped.TraceId;
            await run.Client.StartAsync(IngestDataset.Ref, new IngestDatasetInput(name, etag), id, Cancel);
        }

        IngestDatasetOutput output = await run.OutputAsync<IngestDatasetOutput>(id);
        Assert.True(output.Accepted, output.Reason);
        Assert.True(output.Training!.Promoted, output.Training.Reason);
        ChampionPointer? champion = await new ModelRegistry(storage.Storage, TimeProvider.System).GetChampionAsync(Cancel);
        Assert.Equal(output.Training.Version, champion!.Version);
        string[] names = [.. spans.Where(span => span.TraceId == trace).Select(span => span.DisplayName).Distinct()];
        string[] expected = [nameof(IngestDataset), nameof(PrepareDataset), nameof(TrainModel), nameof(LaunchTrainer), nameof(PublishModel), nameof(PromoteModel)];
        Assert.All(expected, name => Assert.Contains(names, span => span.EndsWith(":" + name, StringComparison.Ordinal)));
        Assert.Equal(trace, launcher.Trace);
    }

    /// <summary>The alert on failed workflows reads the log.</summary>
    [Fact]
    public async Task A_failed_workflow_logs_one_error_with_its_name_id_and_reason()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("functions");
        var champion = new ChampionPointer("v1", PreviousVersion: null, "first", DateTimeOffset.UnixEpoch);
        await storage.WriteAsync(BlobLayout.Models, BlobLayout.Champion, champion, Cancel);
        await using EngineRun run = await StartAsync(storage, folder, new TracedLauncher(null!));

        await run.Client.StartAsync(InferBatch.Ref, new InferBatchInput("gone", "0x1"), "batch-gone-1", Cancel);

        string reason = await run.ErrorAsync("batch-gone-1");
        Assert.Equal(
            [$"Error: Workflow {nameof(InferBatch)} batch-gone-1 failed: {reason}"],
            run.Log.Lines.Where(line => line.Contains(" failed: ", StringComparison.Ordinal) && line.StartsWith("Error: Workflow ", StringComparison.Ordinal)));
    }

    private static Task<EngineRun> StartAsync(PipelineStorage storage, TemporaryFolder folder, ITrainerLauncher launcher) =>
        EngineRun.StartAsync(
            new DurableEngine(FunctionRegistration.Register),
            PipelineCatalog.Create(),
            new ServiceCollection()
                .AddSingleton(TimeProvider.System)
                .AddSingleton(storage)
                .AddSingleton(new WorkFolder(folder.File("work")))
                .AddSingleton(new TrainingSettings(Epochs: 2, Network: "ml-resnet-small"))
                .AddSingleton(launcher)
                .AddPipelineSteps());

    /// <summary>Remembers the trace it was asked in: the one it hands to the trainer.</summary>
    private sealed class TracedLauncher(ITrainerLauncher launcher) : ITrainerLauncher
    {
        public ActivityTraceId? Trace { get; private set; }

        public Task StartAsync(string runId, CancellationToken cancellationToken)
        {
            Trace = Activity.Current?.TraceId;
            return launcher.StartAsync(runId, cancellationToken);
        }

        public Task StopAsync(string runId, CancellationToken cancellationToken) => launcher.StopAsync(runId, cancellationToken);

        public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) => launcher.LookAsync(runId, cancellationToken);
    }
}
