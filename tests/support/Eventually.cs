using System.Diagnostics;
using System.Runtime.CompilerServices;
using KeypointPipeline.Port;
using Xunit;

namespace KeypointPipeline.TestSupport;

/// <summary>Waits for something that another thread or process does. Fails the test if it does not happen within five minutes, which is
/// enough for a training on a busy machine.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition. May also let a test's time pass.</param>
    /// <param name="what">What is waited for, for the message of a failure.</param>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition. May also let a test's time pass.</param>
    /// <param name="what">What is waited for, for the message of a failure.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            Assert.True(waited < Patience, $"Waited {Patience} in vain for: {what}");

            // Often at first: most of what tests wait for takes milliseconds.
            TimeSpan pause = waited / 10 < LongestPause ? waited / 10 : LongestPause;
            await Task.Delay(pause + TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until something is found.</summary>
    /// <param name="find">Looks for it and returns null while it is not there.</param>
    /// <param name="what">What is waited for, for the message of a failure.</param>
    public static async Task<T> FoundAsync<T>(Func<Task<T?>> find, [CallerArgumentExpression(nameof(find))] string what = "")
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await find()) is not null, what);
        return found!;
    }

    /// <summary>Waits until a workflow instance has ended.</summary>
    public static Task<WorkflowStatus> EndedAsync(IWorkflowClient workflows, string instanceId) => FoundAsync(
        async () => await workflows.GetAsync(instanceId, TestContext.Current.CancellationToken) is { HasEnded: true } ended ? ended : null,
        $"the end of {instanceId}");
}
