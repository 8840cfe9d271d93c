using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Functions.Triggers;
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
}
