using System.Collections.Concurrent;
using System.Globalization;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using KeypointPipeline.WorkflowSuite.Replay;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Pipeline;

/// <summary>Batches of many sections on any engine: the real workflows, under the replay guard, with steps that only note what they are
/// asked for.</summary>
/// <param name="engine">The engine.</param>
public abstract class LargeBatchSuite(IEngineUnderTest engine)
{
    private const string Id = "batch-large-0123456789ab";

    private static readonly BatchShape Small = new(ImagesPerChunk: 1, ChunksPerGroup: 2, GroupsPerSection: 3, SectionsPerNode: 3, AtOnce: 2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5, 0, 0, 3)] // one section: groups only
    [InlineData(7, 2, 0, 4)] // two sections
    [InlineData(18, 3, 0, 9)] // as many sections as the batch can have as children
    [InlineData(19, 4, 2, 10)] // a node of three sections, and one of one
    [InlineData(60, 10, 5, 30)] // a node of three nodes, and one of one section
    public async Task Every_chunk_is_predicted_once_and_each_section_merged_after_its_chunks(int chunks, int sections, int nodes, int groups)
    {
        using var steps = new NotingSteps(Plan(chunks, Small));
        steps.LetAllEnd();
        await using EngineRun run = await EngineRun.StartAsync(engine, new ReplayGuard().Over(steps.Catalog()));

        InferBatchOutput output = await RunAsync(run);

        Assert.Equal((chunks, chunks, Math.Max(1, sections)), (output.Images, output.Succeeded, output.Parts));
        Assert.Equal(Enumerable.Range(0, chunks), steps.Numbers("chunk"));
        Assert.Equal(Enumerable.Range(0, sections), steps.Numbers("section"));
        Assert.Equal("batch", steps.Done.Last());
        string[] order = [.. steps.Done];
        for (int section = 0; section < sections; section++)
        {
            int merged = Array.IndexOf(order, $"section {section}");
            (int first, int count) = steps.Plan.ChunksOf(section);
            Assert.All(Enumerable.Range(first, count), chunk => Assert.InRange(Array.IndexOf(order, $"chunk {chunk}"), 0, merged));
        }

        Assert.Equal(
            (groups, sections, nodes),
            (await CountAsync(run, InferChunks.Ref.Name), await CountAsync(run, InferSection.Ref.Name), await CountAsync(run, InferSections.Ref.Name)));
    }

    [Fact]
    public async Task Only_as_many_groups_run_at_once_as_the_shape_says()
    {
        using var steps = new NotingSteps(Plan(30, Small with { GroupsPerSection = 15 }));
        await using EngineRun run = await EngineRun.StartAsync(engine, new ReplayGuard().Over(steps.Catalog()));
        await run.Client.StartAsync(InferBatch.Ref, new InferBatchInput("large", "1"), Id, Cancel);

        for (int ended = 0; ended < 30; ended++)
        {
            await Eventually.TrueAsync(() => Task.FromResult(steps.WaitingChunks > 0));
            // Groups whose chunks have not all ended have started; no other has.
            Assert.InRange(await CountAsync(run, InferChunks.Ref.Name), 1, (ended / 2) + Small.AtOnce);
            steps.LetOneEnd();
        }

        steps.LetAllEnd();
        Assert.Equal(30, (await run.OutputAsync<InferBatchOutput>(Id)).Succeeded);
    }

    [Fact]
    public async Task A_listing_of_more_pages_than_one_instance_lists_goes_on_in_the_next()
    {
        using var steps = new NotingSteps(Plan(1, BatchShape.Default)) { Pages = ListBatch.MaximumPages + 2 };
        steps.LetAllEnd();
        await using EngineRun run = await EngineRun.StartAsync(engine, new ReplayGuard().Over(steps.Catalog()));

        InferBatchOutput output = await RunAsync(run);

        Assert.Equal(ListBatch.MaximumPages + 3, output.Images);
        Assert.Equal(2, await CountAsync(run, ListBatch.Ref.Name));
    }

    /// <summary>An instance whose history an earlier version wrote: its plan has no shape.</summary>
    [Fact]
    public async Task A_batch_that_an_earlier_version_planned_repeats_that_versions_calls()
    {
        using var steps = new NotingSteps(Plan(40, shape: null));
        await using EngineRun run = await EngineRun.StartAsync(engine, new ReplayGuard().Over(steps.Catalog()));
        await run.Client.StartAsync(InferBatch.Ref, new InferBatchInput("large", "1"), Id, Cancel);
        await Eventually.TrueAsync(async () => await CountAsync(run, InferChunks.Ref.Name) == 3);

        await run.ReplayAsync();
        steps.LetAllEnd();

        InferBatchOutput output = await run.OutputAsync<InferBatchOutput>(Id);
        Assert.Equal((40, 1), (output.Succeeded, output.Parts));
        Assert.Equal("batch", steps.Done.Last());
        Assert.DoesNotContain(steps.Done, done => done.StartsWith("section", StringComparison.Ordinal));
        for (int group = 0; group < 3; group++)
            Assert.Equal(WorkflowRuntimeStatus.Completed, (await run.StatusAsync($"{Id}-g{group:0000}")).RuntimeStatus);
    }

    private static BatchPlan Plan(int chunks, BatchShape? shape) =>
        new("large", "1", Id, "v1", chunks, chunks, ChunkSize: 1, Zip: false, DateTimeOffset.UnixEpoch, Shape: shape);

    private static async Task<InferBatchOutput> RunAsync(EngineRun run)
    {
        await run.Client.StartAsync(InferBatch.Ref, new InferBatchInput("large", "1"), Id, Cancel);
        return await run.OutputAsync<InferBatchOutput>(Id);
    }

    private static async Task<int> CountAsync(EngineRun run, string workflow) =>
        (await run.Client.ListAsync(new WorkflowQuery(Name: workflow), Cancel)).Count;

    /// <summary>The steps of a batch. A chunk has one image.</summary>
    private sealed class NotingSteps(BatchPlan plan) : IDisposable
    {
        private readonly SemaphoreSlim _mayEnd = new(0);
        private int _waiting;

        public BatchPlan Plan => plan;

        /// <summary>Pages after the first, each with one image.</summary>
        public int Pages { get; init; }

        /// <summary>What the steps did, in order.</summary>
        public ConcurrentQueue<string> Done { get; } = new();

        /// <summary>The numbers of the chunks or sections that are done, each as often as it was done.</summary>
        public IEnumerable<int> Numbers(string kind) => Done.Where(done => done.StartsWith(kind, StringComparison.Ordinal))
            .Select(done => int.Parse(done.Split(' ')[1], CultureInfo.InvariantCulture)).Order();

        public int WaitingChunks => Volatile.Read(ref _waiting);

        public void LetOneEnd() => _mayEnd.Release();

        public void LetAllEnd() => _mayEnd.Release(1_000);

        public void Dispose() => _mayEnd.Dispose();

        public WorkflowCatalog Catalog() => new WorkflowCatalog()
            .Add(InferBatch.Ref, _ => new InferBatch())
            .Add(ListBatch.Ref, _ => new ListBatch())
            .Add(InferSections.Ref, _ => new InferSections())
            .Add(InferSection.Ref, _ => new InferSection())
            .Add(InferChunks.Ref, _ => new InferChunks())
            .Add(FindChampion.Ref, _ => new Noting<string, ChampionVersion>((_, _) => Task.FromResult(new ChampionVersion("v1", IsPaced: true))))
            .Add(PlanBatch.Ref, _ => new Noting<PlanBatchInput, BatchPlan>((_, _) => Task.FromResult(Pages == 0 ? plan : plan with { Next = "0" })))
            .Add(ListBatchPage.Ref, _ => new Noting<BatchPlan, BatchPlan>((listed, _) => Task.FromResult(NextPage(listed))))
            .Add(InferChunk.Ref, _ => new Noting<InferChunkInput, ChunkTotals>(PredictAsync))
            .Add(MergeSection.Ref, _ => new Noting<MergeSectionInput, ChunkTotals>((input, _) => Note($"section {input.Section}", plan.ChunksOf(input.Section).Count)))
            .Add(MergeBatch.Ref, _ => new Noting<BatchPlan, ChunkTotals>((merged, _) => Note("batch", merged.Images)))
            .Add(CleanUpBatch.Ref, _ => new Noting<TerminatedInstance, bool>((_, _) => Task.FromResult(false)));

        private BatchPlan NextPage(BatchPlan listed)
        {
            int page = int.Parse(listed.Next!, CultureInfo.InvariantCulture) + 1;
            string? next = page == Pages ? null : page.ToString(CultureInfo.InvariantCulture);
            return listed with { Images = listed.Images + 1, Chunks = listed.Chunks + 1, Next = next };
        }

        private async Task<ChunkTotals> PredictAsync(InferChunkInput input, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _waiting);
            await _mayEnd.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _waiting);
            return await Note($"chunk {input.Chunk}", 1);
        }

        private Task<ChunkTotals> Note(string what, int images)
        {
            Done.Enqueue(what);
            return Task.FromResult(new ChunkTotals(images, 0));
        }
    }

    private sealed class Noting<TInput, TOutput>(Func<TInput, CancellationToken, Task<TOutput>> run) : Step<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(TInput input, CancellationToken cancellationToken) => run(input, cancellationToken);
    }
}
