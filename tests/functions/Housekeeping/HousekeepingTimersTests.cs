using KeypointPipeline.Functions.Housekeeping;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Housekeeping;

public sealed class HousekeepingTimersTests(AzuriteFixture azurite)
{
    private const string Parent = "ingest-1";

    private static readonly string RunId = InstanceIds.Training(Parent);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_terminated_trainings_trainer_is_stopped_and_its_turn_given_to_the_next()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        await hub.Slot.AcquireAsync(RunId, Cancel);
        await hub.TerminateAsync(RunId);

        await hub.CleanUpAsync();

        Assert.Equal([RunId], hub.Launcher.Stopped);
        Assert.Equal("train-2", (await hub.Slot.AcquireAsync("train-2", Cancel)).Holder);
    }

    [Fact]
    public async Task A_training_whose_parent_was_terminated_is_ended_and_cleaned_up_after_by_the_next_run()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        await hub.Slot.AcquireAsync(RunId, Cancel);
        await hub.TerminateAsync(Parent);

        await hub.CleanUpAsync();

        OrchestrationMetadata training = await hub.Host.Client.WaitForInstanceCompletionAsync(RunId, Cancel);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, training.RuntimeStatus);
        Assert.Empty(hub.Launcher.Stopped);

        await hub.CleanUpAsync();

        Assert.Equal([RunId], hub.Launcher.Stopped);
        Assert.Equal("train-2", (await hub.Slot.AcquireAsync("train-2", Cancel)).Holder);
    }

    [Fact]
    public async Task A_training_whose_parent_was_terminated_before_it_asked_for_its_turn_starts_no_trainer_and_blocks_nobody()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        await hub.StartAsync("busy", "running");
        await hub.Slot.AcquireAsync("running", Cancel);
        await hub.TerminateAsync(Parent);

        await hub.CleanUpAsync();
        OrchestrationMetadata training = await hub.Host.Client.WaitForInstanceCompletionAsync(RunId, Cancel);

        // The step that asks for the turn was running and ends after the training.
        await hub.Slot.AcquireAsync(RunId, Cancel);
        await hub.CleanUpAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, training.RuntimeStatus);
        Assert.Equal(["running"], (await hub.Slot.FindAsync(Cancel)).Instances);
    }

    [Fact]
    public async Task A_training_that_was_purged_blocks_nobody()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        await hub.Slot.AcquireAsync(RunId, Cancel);
        await hub.TerminateAsync(RunId);
        await hub.Host.Client.PurgeInstanceAsync(RunId, Cancel);

        await hub.CleanUpAsync();

        Assert.Equal([RunId], hub.Launcher.Stopped);
        Assert.Equal("train-2", (await hub.Slot.AcquireAsync("train-2", Cancel)).Holder);
    }

    [Fact]
    public async Task A_training_under_way_is_left_alone()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        await hub.Slot.AcquireAsync(RunId, Cancel);

        await hub.CleanUpAsync();

        Assert.Empty(hub.Launcher.Stopped);
        Assert.Equal(RunId, (await hub.Slot.AcquireAsync("train-2", Cancel)).Holder);
        Assert.False((await hub.Host.Client.GetInstanceAsync(RunId, Cancel))!.IsCompleted);
    }

    [Fact]
    public async Task A_terminated_training_that_waited_gives_up_its_place()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        await hub.StartAsync("busy", "running");
        await hub.Slot.AcquireAsync("running", Cancel);
        await hub.Slot.AcquireAsync(RunId, Cancel);
        await hub.TerminateAsync(RunId);

        await hub.CleanUpAsync();

        Assert.Equal(["running"], (await hub.Slot.FindAsync(Cancel)).Instances);
    }

    [Fact]
    public async Task Without_a_record_of_the_last_run_every_terminated_instance_is_cleaned_up_after()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        await hub.TerminateAsync(RunId);

        await hub.Timers.CleanUpTerminatedAsync(Timer(lastRun: TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(2)), hub.Host.Client, Cancel);
        Assert.Empty(hub.Launcher.Stopped);

        await hub.Timers.CleanUpTerminatedAsync(new TimerInfo(), hub.Host.Client, Cancel);
        await hub.Timers.CleanUpTerminatedAsync(Timer(lastRun: default), hub.Host.Client, Cancel);
        Assert.Equal([RunId, RunId], hub.Launcher.Stopped);
    }

    [Fact]
    public async Task Only_ended_instances_of_long_ago_are_purged()
    {
        await using Fixture hub = await Fixture.StartAsync(azurite);
        DurableTaskClient client = hub.Host.Client;
        await client.ScheduleNewOrchestrationInstanceAsync("done", input: null, new StartOrchestrationOptions("done-1"), Cancel);
        await client.WaitForInstanceCompletionAsync("done-1", Cancel);

        await hub.Timers.PurgeOldHistoryAsync(new TimerInfo(), client, Cancel);
        Assert.NotNull(await client.GetInstanceAsync("done-1", Cancel));

        hub.Time.Advance(HousekeepingTimers.HistoryKept + TimeSpan.FromDays(1));
        await hub.Timers.PurgeOldHistoryAsync(new TimerInfo(), client, Cancel);
        Assert.Null(await client.GetInstanceAsync("done-1", Cancel));
        Assert.NotNull(await client.GetInstanceAsync(RunId, Cancel));
    }

    private static TimerInfo Timer(DateTime lastRun) => new() { ScheduleStatus = new ScheduleStatus { Last = lastRun } };

    /// <summary>A task hub in which training <see cref="RunId"/> is planned and under way, and so is its parent.</summary>
    private sealed class Fixture : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        private Fixture(DurableTaskTestHost host, PipelineStorage storage)
        {
            Host = host;
            Slot = new TrainingSlot(storage, TimeProvider.System);
            _services = new ServiceCollection()
                .AddSingleton(new CleanUpTraining(Launcher, new TrainingRunStore(storage), Slot))
                .BuildServiceProvider();
            Timers = new HousekeepingTimers(_services, Slot, Time, new Logger<HousekeepingTimers>(new LogRecorder()));
        }

        public DurableTaskTestHost Host { get; }

        public TrainingSlot Slot { get; }

        public RecordingLauncher Launcher { get; } = new();

        public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

        public HousekeepingTimers Timers { get; }

        public static async Task<Fixture> StartAsync(AzuriteFixture azurite)
        {
            PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
            var request = new TrainingRequest(
                RunId, ["faces"], new KeypointSchema(["nose"], 8, 8), "fingerprint", new TrainingSettings(), TimeProvider.System.GetUtcNow());
            await new TrainingRunStore(storage).WriteRequestAsync(request, Cancel);
            DurableTaskTestHost host = await InProcessHost.StartAsync(
                registry => registry
                    .AddOrchestratorFunc(nameof(IngestDataset), context => context.WaitForExternalEvent<string>("go"))
                    .AddOrchestratorFunc(nameof(TrainModel), context => context.WaitForExternalEvent<string>("go"))
                    .AddOrchestratorFunc("busy", context => context.WaitForExternalEvent<string>("go"))
                    .AddOrchestratorFunc("done", _ => Task.CompletedTask),
                new ServiceCollection().AddLogging(),
                Cancel);
            var hub = new Fixture(host, storage);
            await hub.StartAsync(nameof(IngestDataset), Parent);
            await hub.StartAsync(nameof(TrainModel), RunId);
            return hub;
        }

        public async Task StartAsync(string orchestrator, string instanceId)
        {
            await Host.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input: null, new StartOrchestrationOptions(instanceId), Cancel);
            await Host.Client.WaitForInstanceStartAsync(instanceId, Cancel);
        }

        public async Task TerminateAsync(string instanceId)
        {
            await Host.Client.TerminateInstanceAsync(instanceId, "not needed", Cancel);
            await Host.Client.WaitForInstanceCompletionAsync(instanceId, Cancel);
        }

        /// <summary>Runs the timer's function, the last time a minute ago.</summary>
        public Task CleanUpAsync() =>
            Timers.CleanUpTerminatedAsync(Timer(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1)), Host.Client, Cancel);

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await _services.DisposeAsync();
        }
    }

    private sealed class RecordingLauncher : ITrainerLauncher
    {
        public List<string> Stopped { get; } = [];

        public Task StartAsync(string runId, CancellationToken cancellationToken) => throw new InvalidOperationException("Nothing is started here.");

        public Task StopAsync(string runId, CancellationToken cancellationToken)
        {
            Stopped.Add(runId);
            return Task.CompletedTask;
        }

        public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nobody looks here.");
    }
}
