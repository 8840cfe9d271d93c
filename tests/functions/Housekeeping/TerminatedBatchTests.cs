using System.Collections.Concurrent;
using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Functions.Housekeeping;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Housekeeping;

/// <summary>A large batch that is terminated while it is predicted: the real workflows on Durable, with steps that only note what they are
/// asked for.</summary>
public sealed class TerminatedBatchTests(AzuriteFixture azurite) : IDisposable
{
    private const int Chunks = 36;

    /// <summary>Two sections at a time, each with two groups of two chunks at a time.</summary>
    private const int MostAtOnce = 8;

    private static readonly string Id = InstanceIds.Batch("large", "1");

    private readonly ConcurrentQueue<string> _done = new();
    private readonly SemaphoreSlim _mayEnd = new(0);
    private int _started;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_sections_and_groups_end_without_predicting_the_rest()
    {
        DurableTaskTestHost? created = null;
        await using DurableTaskTestHost hub = created = await InProcessHost.StartAsync(
            registry => DurableEngine.Register(registry, Catalog(), () => created!.Services), new ServiceCollection().AddLogging(), Cancel);
        var workflows = new DurableWorkflowClient(hub.Client);
        var slot = new TrainingSlot((await azurite.NewStorageAsync(Cancel)).Storage, TimeProvider.System);
        var cleanUp = new TerminationCleanUp(new WorkflowCatalog(), hub.Services, slot, new LogRecorder());
        await workflows.StartAsync(InferBatch.Ref, new InferBatchInput("large", "1"), Id, Cancel);
        await Eventually.TrueAsync(() => Volatile.Read(ref _started) > 0, "the first chunk");

        await workflows.TerminateAsync(Id, "enough", Cancel);
        await Eventually.TrueAsync(
            async () =>
            {
                // A child that was called before the termination may begin after a run.
                await cleanUp.RunAsync(hub.Client, TimeProvider.System.GetUtcNow(), Cancel);
                return (await workflows.ListAsync(new WorkflowQuery(), Cancel)).All(instance => instance.RuntimeStatus == WorkflowRuntimeStatus.Terminated);
            },
            "the end of the family");
        _mayEnd.Release(Chunks);

        IReadOnlyList<WorkflowStatus> family = await workflows.ListAsync(new WorkflowQuery(), Cancel);
        Assert.Contains(family, instance => instance.Name == InferSection.Ref.Name);
        Assert.Contains(family, instance => instance.Name == InferChunks.Ref.Name);
        Assert.InRange(_started, 1, MostAtOnce);
        Assert.DoesNotContain("merged", _done);
    }

    public void Dispose() => _mayEnd.Dispose();

    private WorkflowCatalog Catalog() => new WorkflowCatalog()
        .Add(InferBatch.Ref, _ => new InferBatch())
        .Add(InferSections.Ref, _ => new InferSections())
        .Add(InferSection.Ref, _ => new InferSection())
        .Add(InferChunks.Ref, _ => new InferChunks())
        .Add(FindChampion.Ref, _ => new Noting<string, ChampionVersion>(_ => Task.FromResult(new ChampionVersion("v1", IsPaced: true))))
        .Add(PlanBatch.Ref, _ => new Noting<PlanBatchInput, BatchPlan>(_ => Task.FromResult(new BatchPlan(
            "large",
            "1",
            Id,
            "v1",
            Chunks,
            Chunks,
            ChunkSize: 1,
            Zip: false,
            DateTimeOffset.UnixEpoch,
            Shape: new BatchShape(ImagesPerChunk: 1, ChunksPerGroup: 2, GroupsPerSection: 3, SectionsPerNode: 64, AtOnce: 2)))))
        .Add(InferChunk.Ref, _ => new Noting<InferChunkInput, ChunkTotals>(PredictAsync))
        .Add(MergeSection.Ref, _ => new Noting<MergeSectionInput, ChunkTotals>(_ => Merge()))
        .Add(MergeBatch.Ref, _ => new Noting<BatchPlan, ChunkTotals>(_ => Merge()));

    private async Task<ChunkTotals> PredictAsync(InferChunkInput input)
    {
        Interlocked.Increment(ref _started);
        await _mayEnd.WaitAsync(Cancel);
        return new ChunkTotals(1, 0);
    }

    private Task<ChunkTotals> Merge()
    {
        _done.Enqueue("merged");
        return Task.FromResult(new ChunkTotals(1, 0));
    }

    private sealed class Noting<TInput, TOutput>(Func<TInput, Task<TOutput>> run) : Step<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(TInput input, CancellationToken cancellationToken) => run(input);
    }
}
