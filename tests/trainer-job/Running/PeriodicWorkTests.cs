using KeypointPipeline.TrainerJob.Running;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Running;

public sealed class PeriodicWorkTests
{
    [Fact(Timeout = 30_000)]
    public async Task Work_that_fails_or_times_out_is_done_again_the_next_time()
    {
        Exception[] failures = [new IOException("reset"), new TaskCanceledException("the configured timeout")];
        using var done = new SemaphoreSlim(0);
        int times = 0;
        var time = new FakeTimeProvider();
        await using var work = new PeriodicWork(
            "working",
            TimeSpan.FromSeconds(1),
            _ =>
            {
                int number = times++;
                done.Release();
                return number < failures.Length ? Task.FromException(failures[number]) : Task.CompletedTask;
            },
            time,
            NullLogger.Instance);

        for (int i = 0; i <= failures.Length; i++)
        {
            while (!await done.WaitAsync(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken))
                time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(times > failures.Length);
    }
}
