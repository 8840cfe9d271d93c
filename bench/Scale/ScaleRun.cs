using System.Diagnostics;
using KeypointPipeline.Bench.Scale.Store;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.Bench.Scale;

/// <summary>Predicts one simulated batch: the real workflows and steps on the embedded engine, except for <see cref="PredictNothing"/>, on a
/// <see cref="CountingStore"/>.</summary>
internal static class ScaleRun
{
    /// <summary>The batch.</summary>
    public const string Batch = "simulated";

    private const string Version = "20260101-000000-scale";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMinutes(1);

    /// <summary>Predicts a batch and checks its results.</summary>
    /// <param name="images">Number of images.</param>
    /// <param name="keepsTables">Whether the store keeps the result tables, which are large.</param>
    /// <param name="progress">Receives a line a minute.</param>
    /// <param name="inspect">Looks at the store after the batch has ended, or null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="InvalidDataException">A result is missing or wrong.</exception>
    public static async Task<ScaleFigures> RunAsync(
        int images, bool keepsTables, IProgress<string> progress, Func<PipelineStorage, Task>? inspect, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        var meter = new StepMeter();
        using var store = new CountingStore(
            folder.File("blobs"), new GeneratedImages(Batch, images), name => keepsTables || !IsTable(name), TimeProvider.System)
        {
            OnRequest = meter.CountRequest,
        };
        PipelineStorage storage = store.Open();
        string etag = await PrepareAsync(storage, cancellationToken);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(storage)
            .AddSingleton(new WorkFolder(folder.File("work")))
            .AddSingleton(new TrainingSettings())
            .AddPipelineSteps()
            .BuildServiceProvider();
        await using var engine = new WorkflowEngine(
            new WorkflowEngineOptions { JournalPath = folder.File("journal.db") },
            PipelineCatalog.Create().WithSteps(step => meter.Over(step.Name == InferChunk.Ref.Name ? InPlaceOf(step, storage) : step)),
            services,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await engine.StartAsync(cancellationToken);

        using Process process = Process.GetCurrentProcess();
        TimeSpan processor = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        string instance = InstanceIds.Batch(Batch, etag);
        await engine.StartAsync(InferBatch.Ref, new InferBatchInput(Batch, etag), instance, cancellationToken);
        double peak = await WaitForEndAsync(engine, instance, process, progress, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        double processorSeconds = (process.TotalProcessorTime - processor).TotalSeconds;
        await engine.StopAsync(cancellationToken);
        BatchSummary summary = await ScaleResults.CheckAsync(store, storage, images, cancellationToken);
        if (inspect is not null)
            await inspect(storage);
        return new ScaleFigures(
            images,
            seconds,
            processorSeconds,
            peak,
            store.Requests,
            ScaleJournal.Read(folder.File("journal.db")),
            meter.Steps,
            summary,
            ScaleResults.Find(store, ResultFiles.Report).Length,
            ScaleResults.Find(store, ResultFiles.LabelNext).Lines - 1);
    }

    private static bool IsTable(string name) =>
        name.StartsWith($"{BlobLayout.Results}/{Batch}/", StringComparison.Ordinal)
        && !name.Contains("/_work/", StringComparison.Ordinal)
        && ResultFiles.IsTable(name[(name.LastIndexOf('/') + 1)..]);

    private static StepEntry InPlaceOf(StepEntry step, PipelineStorage storage) => step with
    {
        RunAsync = async (_, input, cancellationToken) =>
            PipelineJson.Write(await new PredictNothing(storage).RunAsync(PipelineJson.Read<InferChunkInput>(input), cancellationToken)),
    };

    /// <summary>Writes the documents of a champion, and the marker that completes the batch.</summary>
    /// <returns>The marker's ETag.</returns>
    private static async Task<string> PrepareAsync(PipelineStorage storage, CancellationToken cancellationToken)
    {
        await storage.EnsureContainersAsync(cancellationToken);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var manifest = new ModelManifest(
            Version,
            PredictNothing.Schema,
            RunId: "scale",
            DatasetIds: [],
            DataFingerprint: "",
            new TrainingSettings(),
            new TrainingResult("scale", 0, null, 0, 0, 0, 0, "", 0, "scale"),
            new ModelComparison(0, null, null, null, null),
            ModelSha256: "",
            ModelBytes: 0,
            CodeVersion: "scale",
            now);
        await storage.WriteAsync(BlobLayout.Models, $"{Version}/{ModelRegistry.ManifestFile}", manifest, cancellationToken);
        await storage.WriteAsync(BlobLayout.Models, BlobLayout.Champion, new ChampionPointer(Version, null, "scale", now), cancellationToken);
        string marker = $"{Batch}/{BlobLayout.ReadyMarker}";
        await storage.Blob(BlobLayout.Images, marker).UploadAsync(BinaryData.Empty, cancellationToken);
        return (await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken))!.Value.ToString();
    }

    /// <summary>Waits for the end and watches memory.</summary>
    /// <returns>The peak of the resident memory, MB.</returns>
    private static async Task<double> WaitForEndAsync(
        WorkflowEngine engine, string instance, Process process, IProgress<string> progress, CancellationToken cancellationToken)
    {
        double peak = 0;
        long reported = Stopwatch.GetTimestamp();
        while (true)
        {
            process.Refresh();
            peak = Math.Max(peak, process.WorkingSet64 / 1e6);
            WorkflowStatus status = (await engine.GetAsync(instance, cancellationToken))!;
            if (Stopwatch.GetElapsedTime(reported) >= ReportEvery)
            {
                reported = Stopwatch.GetTimestamp();
                progress.Report($"{status.CustomStatus}, {process.WorkingSet64 / 1e6:N0} MB");
            }

            if (status.HasEnded)
            {
                return status.RuntimeStatus == WorkflowRuntimeStatus.Completed
                    ? peak
                    : throw new InvalidOperationException($"The simulated batch ended as {status.RuntimeStatus}: {status.Output}.");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }
}
