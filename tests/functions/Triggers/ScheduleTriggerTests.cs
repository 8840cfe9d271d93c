using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Functions.Triggers;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Triggers;

public sealed class ScheduleTriggerTests
{
    private static readonly DateTimeOffset Due = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task One_occurrence_starts_one_retraining_however_often_it_fires()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using DurableTaskTestHost hub = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), cancel);
        var time = new FakeTimeProvider(Due);
        var trigger = new ScheduleTrigger(time);
        var timer = new TimerInfo { ScheduleStatus = new ScheduleStatus { Next = Due.UtcDateTime } };

        await trigger.RunAsync(timer, hub.Client, cancel);
        time.Advance(TimeSpan.FromSeconds(20));
        await trigger.RunAsync(timer, hub.Client, cancel);

        List<string> started = [];
        await foreach (OrchestrationMetadata instance in hub.Client.GetAllInstancesAsync(new OrchestrationQuery()).WithCancellation(cancel))
            started.Add(instance.InstanceId);
        Assert.Equal([InstanceIds.ScheduledRetrain(Due)], started);
    }

    [Fact]
    public async Task A_run_by_hand_has_an_id_of_its_own_and_the_next_run_on_schedule_still_starts()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using DurableTaskTestHost hub = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), cancel);
        var time = new FakeTimeProvider(Due.AddHours(-12));
        var trigger = new ScheduleTrigger(time);

        // The host passes the same record to a run by hand: the next run on schedule is the next time.
        var timer = new TimerInfo { ScheduleStatus = new ScheduleStatus { Next = Due.UtcDateTime } };
        await trigger.RunAsync(timer, hub.Client, cancel);
        time.Advance(TimeSpan.FromMinutes(5));
        await trigger.RunAsync(timer, hub.Client, cancel);
        time.SetUtcNow(Due.AddSeconds(-1));
        await trigger.RunAsync(timer, hub.Client, cancel);

        Assert.Equal(
            [
                ("retrain-20261123-150000-000", "run by hand at 2026-11-23 15:00:00Z"),
                ("retrain-20261123-150500-000", "run by hand at 2026-11-23 15:05:00Z"),
                ("retrain-20261124-030000", "schedule, due 2026-11-24 03:00:00Z"),
            ],
            await StartedAsync(hub.Client, cancel));
    }

    [Fact]
    public async Task A_run_that_the_host_missed_starts_later_as_the_run_that_was_due()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using DurableTaskTestHost hub = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), cancel);
        var timer = new TimerInfo { ScheduleStatus = new ScheduleStatus { Next = Due.UtcDateTime }, IsPastDue = true };

        await new ScheduleTrigger(new FakeTimeProvider(Due.AddHours(5))).RunAsync(timer, hub.Client, cancel);

        Assert.Equal([("retrain-20261124-030000", "schedule, due 2026-11-24 03:00:00Z")], await StartedAsync(hub.Client, cancel));
    }

    /// <summary>The instances by id, with the reasons in their inputs.</summary>
    private static async Task<IReadOnlyList<(string Id, string Reason)>> StartedAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<WorkflowStatus> started = await new DurableWorkflowClient(client).ListAsync(new WorkflowQuery(), cancellationToken);
        return [.. started.OrderBy(status => status.InstanceId, StringComparer.Ordinal)
            .Select(status => (status.InstanceId, PipelineJson.Read<RetrainInput>(status.Input!.Value.GetRawText()).Reason))];
    }
}
