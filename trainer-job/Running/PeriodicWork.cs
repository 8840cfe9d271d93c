using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Repeats some work while a training runs. A failure is logged, and the next repetition tries again: a storage outage of a
/// minute must not end a training of hours.</summary>
internal sealed class PeriodicWork : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Starts at once.</summary>
    /// <param name="what">The work in words for the log, such as "writing the heartbeat".</param>
    /// <param name="interval">Time between two starts.</param>
    /// <param name="work">The work; its token is cancelled on disposal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Receives failures.</param>
    public PeriodicWork(string what, TimeSpan interval, Func<CancellationToken, Task> work, TimeProvider time, ILogger logger)
    {
        _loop = Task.Run(() => LoopAsync(what, interval, work, time, logger));
    }

    /// <summary>Stops and waits until work in progress has been cancelled. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync(
        string what, TimeSpan interval, Func<CancellationToken, Task> work, TimeProvider time, ILogger logger)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                await TryAsync(what, work, logger);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task TryAsync(string what, Func<CancellationToken, Task> work, ILogger logger)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            logger.LogWarning("Failed at {What}, will try again: {Reason}", what, e.Message);
        }
    }
}
