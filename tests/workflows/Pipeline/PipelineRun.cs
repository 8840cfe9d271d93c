using Azure.Storage.Blobs.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using KeypointPipeline.WorkflowSuite.Replay;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Pipeline;

/// <summary>Makes the launcher that the pipeline's steps start trainers with.</summary>
/// <param name="folder">A folder for what it notes and logs.</param>
/// <param name="storageConnectionString">The storage that the trainers work on.</param>
public delegate ITrainerLauncher TrainerLauncherFactory(string folder, string storageConnectionString);

/// <summary>The whole pipeline, with storage of its own, on an engine, its workflows under guard.</summary>
internal sealed class PipelineRun : IAsyncDisposable
{
    /// <summary>A real training of a few seconds.</summary>
    public static readonly TrainingSettings Training = new(Epochs: 2, Network: "ml-resnet-small");

    private readonly ITrainerLauncher _launcher;

    private PipelineRun(TemporaryFolder folder, TestStorage storage, ITrainerLauncher launcher, ReplayGuard guard, EngineRun engine)
    {
        Folder = folder;
        Storage = storage.Storage;
        _launcher = launcher;
        Guard = guard;
        Engine = engine;
    }

    /// <summary>For files of the test.</summary>
    public TemporaryFolder Folder { get; }

    /// <summary>What the pipeline works on.</summary>
    public PipelineStorage Storage { get; }

    /// <summary>Over all workflows.</summary>
    public ReplayGuard Guard { get; }

    /// <summary>Runs them.</summary>
    public EngineRun Engine { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PipelineRun> StartAsync(TestStorage storage, IEngineUnderTest engine, TrainerLauncherFactory launchers)
    {
        TemporaryFolder folder = TestFolder.Create("suite");
        ITrainerLauncher launcher = launchers(folder.File("trainers"), storage.ConnectionString);
        IServiceCollection services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(storage.Storage)
            .AddSingleton(new WorkFolder(folder.File("work")))
            .AddSingleton(Training)
            .AddSingleton(launcher)
            .AddPipelineSteps();
        var guard = new ReplayGuard();
        return new PipelineRun(folder, storage, launcher, guard, await EngineRun.StartAsync(engine, guard.Over(PipelineCatalog.Create()), services));
    }

    /// <summary>Drops a labelled file, and waits for what it starts.</summary>
    public async Task<IngestDatasetOutput> DropDatasetAsync(string path)
    {
        string name = Path.GetFileName(path);
        string etag = await UploadAsync(BlobLayout.Datasets, name, path);
        return await RunAsync(IngestDataset.Ref, new IngestDatasetInput(name, etag), InstanceIds.Ingest(name, etag));
    }

    /// <summary>Drops a folder of images with its marker, and waits for what it starts.</summary>
    public async Task<InferBatchOutput> DropImagesAsync(string folder, string batch)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            await UploadAsync(BlobLayout.Images, $"{batch}/{Path.GetFileName(file)}", file);
        BlobContentInfo marker = await Storage.Blob(BlobLayout.Images, $"{batch}/{BlobLayout.ReadyMarker}")
            .UploadAsync(BinaryData.Empty, overwrite: true, Cancel);
        string etag = marker.ETag.ToString();
        return await RunAsync(InferBatch.Ref, new InferBatchInput(batch, etag), InstanceIds.Batch(batch, etag));
    }

    /// <summary>Starts a workflow and waits for its output.</summary>
    public async Task<TOutput> RunAsync<TInput, TOutput>(WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId)
    {
        Assert.True(await Engine.Client.StartAsync(workflow, input, instanceId, Cancel));
        return await Engine.OutputAsync<TOutput>(instanceId);
    }

    /// <summary>A text blob.</summary>
    public async Task<string> ReadTextAsync(string container, string name)
    {
        BlobDownloadResult blob = await Storage.Blob(container, name).DownloadContentAsync(Cancel);
        return blob.Content.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Where a test failed, its trainer may still run.
        foreach (WorkflowStatus training in await Engine.Client.ListAsync(new WorkflowQuery(Name: TrainModel.Ref.Name), CancellationToken.None))
            await _launcher.StopAsync(training.InstanceId, CancellationToken.None);
        await Engine.DisposeAsync();
        Folder.Dispose();
    }

    private async Task<string> UploadAsync(string container, string name, string path)
    {
        BlobContentInfo uploaded = await Storage.Blob(container, name).UploadAsync(path, overwrite: true, Cancel);
        return uploaded.ETag.ToString();
    }
}
