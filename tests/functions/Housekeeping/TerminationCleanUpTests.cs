using System.Collections.Concurrent;
using System.Text.Json;
using KeypointPipeline.Functions.Housekeeping;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Housekeeping;

/// <summary>Families of instances on a task hub that ends an instance without its children, as the Azure Storage backend does.</summary>
public sealed class TerminationCleanUpTests(AzuriteFixture azurite)
{
    private static readonly StepRef<TerminatedInstance, bool> CleanUp = new("clean-up", StepRetry.None);

    private static readonly string Batch = InstanceIds.Batch("may", "1");

    private readonly ConcurrentQueue<TerminatedInstance> _cleaned = new();
    private readonly HashSet<string> _unclean = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_children_of_a_terminated_batch_are_terminated_in_one_run_and_the_next_cleans_up_after_the_batch()
    {
        await using DurableTaskTestHost hub = await StartAsync();
        TerminationCleanUp cleanUp = await CreateAsync();
        await StartFamilyAsync(hub, Batch, children: 3);
        await TerminateAsync(hub, Batch);

        await cleanUp.RunAsync(hub.Client, TimeProvider.System.GetUtcNow(), Cancel);

        for (int child = 0; child < 3; child++)
        {
            OrchestrationMetadata ended = await EndAsync(hub, InstanceIds.ChunkGroup(Batch, child));
            Assert.Equal(
                (OrchestrationRuntimeStatus.Terminated, $"{Batch} has ended"), (ended.RuntimeStatus, ended.ReadOutputAs<string>()));
        }

        Assert.Empty(_cleaned);

        await cleanUp.RunAsync(hub.Client, TimeProvider.System.GetUtcNow(), Cancel);

        Assert.Equal((Batch, 3), _cleaned.Select(instance => (instance.InstanceId, instance.Input!.Value.GetInt32())).Single());
    }

    [Fact]
    public async Task Grandchildren_are_terminated_too_and_other_families_are_left_alone()
    {
        await using DurableTaskTestHost hub = await StartAsync();
        TerminationCleanUp cleanUp = await CreateAsync();
        string child = InstanceIds.ChunkGroup(Batch, 0);
        string grandchild = InstanceIds.ChunkGroup(child, 7);
        string other = InstanceIds.Batch("june", "1");
        await StartFamilyAsync(hub, Batch, children: 1);
        await StartAsync(hub, "wait", grandchild);
        await StartFamilyAsync(hub, other, children: 1);
        await TerminateAsync(hub, Batch);

        await cleanUp.RunAsync(hub.Client, TimeProvider.System.GetUtcNow(), Cancel);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync(hub, child)).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync(hub, grandchild)).RuntimeStatus);
        Assert.False((await hub.Client.GetInstanceAsync(other, Cancel))!.IsCompleted);
        Assert.False((await hub.Client.GetInstanceAsync(InstanceIds.ChunkGroup(other, 0), Cancel))!.IsCompleted);
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("purge")]
    public async Task The_children_of_a_batch_that_failed_or_was_purged_are_terminated(string end)
    {
        await using DurableTaskTestHost hub = await StartAsync();
        TerminationCleanUp cleanUp = await CreateAsync();

        // On Durable an orchestration that throws ends only after the children that it started. So this child stands alone.
        await StartFamilyAsync(hub, Batch, children: 0);
        await StartAsync(hub, "wait", InstanceIds.ChunkGroup(Batch, 0));
        if (end == "fail")
        {
            await hub.Client.RaiseEventAsync(Batch, "fail", Cancel);
            Assert.Equal(OrchestrationRuntimeStatus.Failed, (await EndAsync(hub, Batch)).RuntimeStatus);
        }
        else
        {
            await TerminateAsync(hub, Batch);
            await hub.Client.PurgeInstanceAsync(Batch, Cancel);
        }

        await cleanUp.RunAsync(hub.Client, TimeProvider.System.GetUtcNow(), Cancel);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync(hub, InstanceIds.ChunkGroup(Batch, 0))).RuntimeStatus);
    }

    [Fact]
    public async Task A_clean_up_is_repeated_for_an_hour_and_also_catches_up_after_an_outage()
    {
        await using DurableTaskTestHost hub = await StartAsync();
        TerminationCleanUp cleanUp = await CreateAsync();
        await StartFamilyAsync(hub, Batch, children: 0);
        await TerminateAsync(hub, Batch);
        DateTimeOffset ended = (await hub.Client.GetInstanceAsync(Batch, Cancel))!.LastUpdatedAt;

        await cleanUp.RunAsync(hub.Client, lastRun: ended.AddDays(-2), Cancel);
        await cleanUp.RunAsync(hub.Client, lastRun: ended.AddMinutes(59), Cancel);
        await cleanUp.RunAsync(hub.Client, lastRun: ended.AddMinutes(61), Cancel);

        Assert.Equal([Batch, Batch], _cleaned.Select(instance => instance.InstanceId));
    }

    [Fact]
    public async Task A_clean_up_that_fails_stops_no_other_and_is_tried_again()
    {
        await using DurableTaskTestHost hub = await StartAsync();
        TerminationCleanUp cleanUp = await CreateAsync();
        string[] batches = [.. Enumerable.Range(0, 3).Select(i => InstanceIds.Batch($"may {i}", "1"))];
        foreach (string batch in batches)
        {
            await StartFamilyAsync(hub, batch, children: 0);
            await TerminateAsync(hub, batch);
        }

        _unclean.Add(batches[0]);
        await cleanUp.RunAsync(hub.Client, TimeProvider.System.GetUtcNow(), Cancel);
        Assert.Equal(batches[1..].Order(), _cleaned.Select(instance => instance.InstanceId).Order());

        _unclean.Clear();
        await cleanUp.RunAsync(hub.Client, TimeProvider.System.GetUtcNow(), Cancel);
        Assert.Contains(batches[0], _cleaned.Select(instance => instance.InstanceId));
    }

    private static Task<DurableTaskTestHost> StartAsync() => InProcessHost.StartAsync(
        registry => registry
            .AddOrchestratorFunc<int, string>("batch", async (context, children) =>
            {
                Task[] running = [.. Enumerable.Range(0, children).Select(
                    child => context.CallSubOrchestratorAsync("wait", new SubOrchestrationOptions(instanceId: InstanceIds.ChunkGroup(context.InstanceId, child))))];
                await context.WaitForExternalEvent<string>("fail");
                throw new InvalidOperationException($"A batch with {running.Length} children fails.");
            })
            .AddOrchestratorFunc("wait", context => context.WaitForExternalEvent<string>("go")),
        new ServiceCollection().AddLogging(),
        Cancel);

    private static async Task StartFamilyAsync(DurableTaskTestHost hub, string batch, int children)
    {
        await StartAsync(hub, "batch", batch, children);
        for (int child = 0; child < children; child++)
            await Eventually.TrueAsync(async () => await IsRunningAsync(hub, InstanceIds.ChunkGroup(batch, child)), "the children");
    }

    private static async Task<bool> IsRunningAsync(DurableTaskTestHost hub, string id)
    {
        await foreach (OrchestrationMetadata found in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: id)))
            return found.RuntimeStatus == OrchestrationRuntimeStatus.Running;
        return false;
    }

    private static async Task StartAsync(DurableTaskTestHost hub, string orchestrator, string id, object? input = null)
    {
        await hub.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id), Cancel);
        await hub.Client.WaitForInstanceStartAsync(id, Cancel);
    }

    private static async Task TerminateAsync(DurableTaskTestHost hub, string id)
    {
        await hub.Client.TerminateInstanceAsync(id, "enough", Cancel);
        await EndAsync(hub, id);
    }

    private static Task<OrchestrationMetadata> EndAsync(DurableTaskTestHost hub, string id) =>
        hub.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancel);

    private async Task<TerminationCleanUp> CreateAsync()
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Add(new WorkflowRef<JsonElement, string>("batch", CleanUp), _ => throw new InvalidOperationException("The task hub runs it."))
            .Add(CleanUp, _ => new CleanUpStep(this));
        var slot = new TrainingSlot((await azurite.NewStorageAsync(Cancel)).Storage, TimeProvider.System);
        return new TerminationCleanUp(catalog, new ServiceCollection().BuildServiceProvider(), slot, new LogRecorder());
    }

    private sealed class CleanUpStep(TerminationCleanUpTests test) : Step<TerminatedInstance, bool>
    {
        public override Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken)
        {
            if (test._unclean.Contains(input.InstanceId))
                throw new IOException("not now");
            test._cleaned.Enqueue(input);
            return Task.FromResult(true);
        }
    }
}
