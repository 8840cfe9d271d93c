using Azure;
using KeypointPipeline.Port;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Watching;

/// <summary>Looks for drops with <see cref="Reconciler"/>, in place of the events and the timer in Azure.</summary>
public sealed class ContainerWatcher(
    Reconciler reconciler, IWorkflowClient workflows, ContainerWatcherOptions options, TimeProvider time, ILogger<ContainerWatcher> logger)
    : BackgroundService
{
    /// <summary>Pause after a look as a multiple of its duration, so that looking takes at most a tenth of the time. Even to list the top
    /// level, Azurite goes through all images, again for each 5,000 of them, and serves nothing meanwhile. With 100,000 images that takes
    /// seconds. The shorter of the last two looks counts: a single long look may only have waited for a storage server that was
    /// away.</summary>
    private const int PauseFactor = 9;

    /// <summary>The problem that was logged last. Looks follow each other within seconds, so it is logged once.</summary>
    private string? _problem;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan last = TimeSpan.Zero;
        while (true)
        {
            long start = time.GetTimestamp();
            await LookAsync(stoppingToken);
            TimeSpan look = time.GetElapsedTime(start);
            TimeSpan rest = PauseFactor * (look < last ? look : last);
            last = look;
            await Task.Delay(rest > options.Interval ? rest : options.Interval, time, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await reconciler.RunAsync(workflows, cancellationToken);
            if (_problem is not null)
                logger.LogInformation("Dropped files are noticed again");
            _problem = null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            bool isAway = e is RequestFailedException or AggregateException or IOException or TaskCanceledException;
            string problem = isAway ? "Storage does not answer" : e.Message;
            if (isAway && problem != _problem)
                logger.LogWarning("Storage does not answer. Dropped files are noticed when it answers again: {Reason}", e.Message);
            else if (problem != _problem)
                logger.LogError(e, "Dropped files cannot be looked for: {Reason}", e.Message);
            _problem = problem;
        }
    }
}

/// <summary>Options of <see cref="ContainerWatcher"/>.</summary>
/// <param name="Interval">Shortest time between two looks.</param>
public sealed record ContainerWatcherOptions(TimeSpan Interval);
