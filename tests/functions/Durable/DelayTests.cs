using DurableTask.Core;
using KeypointPipeline.Functions.Durable;
using Microsoft.DurableTask;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>Delays on a backend that cuts the time until a timer to whole seconds.</summary>
public sealed class DelayTests
{
    private const int Looks = 18;
    private const int Enough = 10_000;

    [Fact]
    public void A_delay_needs_one_timer_and_is_never_too_short()
    {
        var backend = new CuttingBackend();

        Assert.Equal((OrchestrationStatus.Completed, "\"done\""), backend.Run(Look(DelayAsync), Enough));
        Assert.Equal(Looks, backend.Timers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(99)]
    public void An_instance_of_an_earlier_version_finishes_and_sets_no_more_timers_than_a_new_one(int replaysBefore)
    {
        var backend = new CuttingBackend();
        Assert.Null(backend.Run(Look(EarlierDelayAsync), replaysBefore));
        int before = backend.Timers;

        Assert.Equal((OrchestrationStatus.Completed, "\"done\""), backend.Run(Look(DelayAsync), Enough));
        Assert.InRange(backend.Timers - before, 0, Looks);
    }

    [Fact]
    public void The_delay_of_earlier_versions_set_timer_after_timer()
    {
        var backend = new CuttingBackend();

        Assert.Equal((OrchestrationStatus.Completed, "\"done\""), backend.Run(Look(EarlierDelayAsync), Enough));
        Assert.InRange(backend.Timers, 5 * Looks, Enough);
    }

    /// <summary>Looks at something again and again, as a training looks at its trainer.</summary>
    private static Func<TaskOrchestrationContext, Task<string>> Look(Func<TaskOrchestrationContext, TimeSpan, Task> delay) => async orchestration =>
    {
        for (int look = 0; look < Looks; look++)
        {
            var wait = TimeSpan.FromSeconds(1 + (look * 0.37));
            DateTime due = orchestration.CurrentUtcDateTime + wait;
            await delay(orchestration, wait);
            if (orchestration.CurrentUtcDateTime < due)
                return $"look {look} was too early";
            await orchestration.CallActivityAsync<bool>("look");
        }

        return "done";
    };

    private static Task DelayAsync(TaskOrchestrationContext orchestration, TimeSpan delay) => new DurableWorkflowContext(orchestration).DelayAsync(delay);

    /// <summary>The delay of version 1, which histories in use were written with.</summary>
    private static async Task EarlierDelayAsync(TaskOrchestrationContext orchestration, TimeSpan delay)
    {
        DateTime due = orchestration.CurrentUtcDateTime + delay;
        do
            await orchestration.CreateTimer(due, CancellationToken.None);
        while (orchestration.CurrentUtcDateTime < due);
    }
}
