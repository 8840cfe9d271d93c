using System.Text.Json;
using KeypointPipeline.Finding;
using KeypointPipeline.Inference;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.Bench.Inference;

/// <summary>The parts of a host that predict a batch: storage server, steps and engine. There is no watcher, so the bench starts each
/// batch itself. Each image is predicted as a whole, as the programs do that it is compared with.</summary>
internal sealed class InferencePipeline : IAsyncDisposable
{
    private const int UploadsAtOnce = 16;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly AzuriteServer _server;
    private readonly ServiceProvider _services;
    private readonly WorkflowEngine _engine;

    private InferencePipeline(AzuriteServer server, ServiceProvider services, WorkflowEngine engine)
    {
        _server = server;
        _services = services;
        _engine = engine;
    }

    /// <summary>Its storage.</summary>
    public PipelineStorage Storage => _services.GetRequiredService<PipelineStorage>();

    /// <summary>Starts the parts.</summary>
    /// <param name="folder">Folder of its files.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <param name="work">Folder of the steps' own files; null for one below <paramref name="folder"/>.</param>
    public static async Task<InferencePipeline> StartAsync(string folder, CancellationToken cancellationToken, string? work = null)
    {
        AzuriteServer server = await AzuriteServer.StartAsync(
            new AzuriteOptions { DataFolder = Path.Combine(folder, "storage"), OnProgress = Console.Error.WriteLine }, cancellationToken);
        ServiceProvider services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(server.OpenStorage())
            .AddSingleton(new WorkFolder(work ?? Path.Combine(folder, "work")))
            .AddSingleton(new TrainingSettings())
            .AddSingleton(new HostFinder(FinderKind.Whole))
            .AddPipelineSteps()
            .BuildServiceProvider();
        var engine = new WorkflowEngine(
            new WorkflowEngineOptions { JournalPath = Path.Combine(folder, "journal.db") },
            PipelineCatalog.Create(),
            services,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        var pipeline = new InferencePipeline(server, services, engine);
        await pipeline.Storage.EnsureContainersAsync(cancellationToken);
        await engine.StartAsync(cancellationToken);
        return pipeline;
    }

    /// <summary>Uploads a batch with its marker.</summary>
    /// <param name="batch">Its name.</param>
    /// <param name="files">The images.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The images' names in the container.</returns>
    public async Task<string[]> UploadAsync(string batch, IReadOnlyList<byte[]> files, CancellationToken cancellationToken)
    {
        string[] names = [.. files.Select((_, i) => $"{batch}/{i:000000}.jpg")];
        await Parallel.ForAsync(
            0,
            files.Count,
            new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => await Storage.Blob(BlobLayout.Images, names[i]).UploadAsync(BinaryData.FromBytes(files[i]), token));
        await Storage.Blob(BlobLayout.Images, Marker(batch)).UploadAsync(BinaryData.Empty, cancellationToken);
        return names;
    }

    /// <summary>Predicts an uploaded batch.</summary>
    /// <param name="batch">Its name.</param>
    /// <param name="instanceId">Id of the workflow instance, used once.</param>
    /// <param name="images">Number of images that must be predicted.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="onStage">Receives what the workflow does whenever that changes, or null.</param>
    /// <exception cref="InvalidOperationException">The workflow or an image failed.</exception>
    public async Task PredictAsync(
        string batch, string instanceId, int images, CancellationToken cancellationToken, Action<string>? onStage = null)
    {
        IReadOnlyList<BatchDrop> drops = await BatchDrop.FindLatestAsync(Storage, batch, cancellationToken);
        if (drops.Count == 0)
            throw new InvalidOperationException($"The batch {batch} was not uploaded.");
        await _engine.StartAsync(InferBatch.Ref, new InferBatchInput(batch, drops[0].ETag.ToString()), instanceId, cancellationToken);
        WorkflowStatus? instance;
        string? stage = null;
        while ((instance = await _engine.GetAsync(instanceId, cancellationToken)) is not { HasEnded: true })
        {
            if (instance?.CustomStatus?.Deserialize<BatchProgress>(PipelineJson.Compact)?.Stage is string next && next != stage)
                onStage?.Invoke(stage = next);
            await Task.Delay(LookEvery, cancellationToken);
        }

        if (instance.Output?.Deserialize<InferBatchOutput>(PipelineJson.Compact)?.Succeeded != images)
            throw new InvalidOperationException($"The batch {batch} ended as {instance.RuntimeStatus}: {instance.Output}.");
    }

    /// <summary>Returns a step or a service of the steps.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Runs the step that predicts one chunk.</summary>
    public Task InferChunkAsync(InferChunkInput input, CancellationToken cancellationToken) =>
        Get<InferChunk>().RunAsync(input, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static string Marker(string batch) => $"{batch}/{BlobLayout.ReadyMarker}";
}
