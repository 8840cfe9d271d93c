using Azure;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Watching;

/// <summary>Polls <c>datasets</c> and <c>images</c>, in place of the events that Azure would send, and reports new blobs to
/// <see cref="DropTriggers"/>. Its memory only saves work. After a restart it reports everything again, and the triggers know which blobs
/// they have handled.</summary>
public sealed class ContainerWatcher(
    PipelineStorage storage, DropTriggers triggers, ContainerWatcherOptions options, TimeProvider time, ILogger<ContainerWatcher> logger)
    : BackgroundService
{
    /// <summary>Pause after a look as a multiple of its duration, so that looking takes at most a tenth of the time. Even to list the top
    /// level, Azurite goes through all images, again for each 5,000 of them, and serves nothing meanwhile. With 100,000 images that takes
    /// seconds. The shorter of the last two looks counts: a single long look may only have waited for a storage server that was
    /// away.</summary>
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
                logger.LogWarning("Storage does not answer. Dropped files are noticed when it answers again: {Reason}", e.Message);
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

    /// <summary>Reports a new blob. A blob that cannot be handled does not stop the others; the next look retries it.</summary>
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
            logger.LogError(e, "{Path} could not start its workflow; retrying in {Interval}", path, options.Interval);
        }
    }
}

/// <summary>Options of <see cref="ContainerWatcher"/>.</summary>
/// <param name="Interval">Shortest time between two looks.</param>
public sealed record ContainerWatcherOptions(TimeSpan Interval);

/// <summary>A blob and its ETag at the time of a look.</summary>
internal sealed record BlobSighting(string Container, string Name, string ETag);
