using Azure;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Watching;

/// <summary>Looks into <c>datasets</c> and <c>images</c> again and again, in place of the events that Azure would send, and
/// reports what is new to <see cref="DropTriggers"/>. What it remembers only saves work: after a restart it reports everything
/// again, and the triggers know what they have seen.</summary>
public sealed class ContainerWatcher(
    PipelineStorage storage, DropTriggers triggers, ContainerWatcherOptions options, TimeProvider time, ILogger<ContainerWatcher> logger)
    : BackgroundService
{
    /// <summary>Even to list the top level Azurite goes through all images, again for each 5,000 of them, and serves nothing meanwhile;
    /// with 100,000 that takes seconds. Looking takes a tenth of its time at most; a single look that took long says nothing, it may have
    /// waited for a storage server that was away.</summary>
    private const int PauseFactor = 9;

    private readonly Dictionary<string, string> _reported = new(StringComparer.Ordinal);
    private readonly BatchMarkers _markers = new(storage);
    private bool _storageAway;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan last = TimeSpan.Zero;
        while (true)
        {
            long start = time.GetTimestamp();
            await PollAsync(stoppingToken);
            TimeSpan look = time.GetElapsedTime(start);
            TimeSpan rest = PauseFactor * (look < last ? look : last);
            last = look;
            await Task.Delay(rest > options.Interval ? rest : options.Interval, time, stoppingToken);
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (BlobSighting dataset in ListDatasetsAsync(cancellationToken))
                await ReportAsync(dataset, cancellationToken);
            await foreach (BlobSighting image in _markers.FindAsync(cancellationToken))
                await ReportAsync(image, cancellationToken);
            if (_storageAway)
                logger.LogInformation("Storage answers again");
            _storageAway = false;
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or IOException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            if (!_storageAway)
                logger.LogWarning("Storage does not answer; dropped files are noticed once it does again: {Reason}", e.Message);
            _storageAway = true;
        }
    }

    private async IAsyncEnumerable<BlobSighting> ListDatasetsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in storage.Container(BlobLayout.Datasets).GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (blob.Properties.ETag is ETag etag)
                yield return new BlobSighting(BlobLayout.Datasets, blob.Name, etag.ToString());
        }
    }

    /// <summary>One blob that cannot be handled stops no other; it is tried again at the next look.</summary>
    private async Task ReportAsync(BlobSighting blob, CancellationToken cancellationToken)
    {
        string path = $"{blob.Container}/{blob.Name}";
        if (_reported.GetValueOrDefault(path) == blob.ETag)
            return;
        try
        {
            await triggers.HandleAsync(blob.Container, blob.Name, blob.ETag, cancellationToken);
            _reported[path] = blob.ETag;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "{Path} could not start its workflow; trying again in {Interval}", path, options.Interval);
        }
    }
}

/// <summary>How the watcher looks.</summary>
/// <param name="Interval">Least time between two looks.</param>
public sealed record ContainerWatcherOptions(TimeSpan Interval);

/// <summary>A blob as it was seen.</summary>
internal sealed record BlobSighting(string Container, string Name, string ETag);
