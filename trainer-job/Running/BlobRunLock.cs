using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>A lease of a blob, renewed until disposed. A killed trainer's lease expires by itself.</summary>
internal sealed class BlobRunLock : IRunLock
{
    /// <summary>The shortest lease that Azure grants.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for an earlier lease to expire. Four lease times allow for a storage server that is just starting.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    private readonly BlobLeaseClient _lease;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost = new();
    private readonly PeriodicWork _renewal;

    private BlobRunLock(BlobLeaseClient lease, TimeProvider time, ILogger logger)
    {
        _lease = lease;
        _logger = logger;
        _renewal = new PeriodicWork("renewing the run's lock", RenewEvery, RenewAsync, time, logger);
    }

    /// <inheritdoc/>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes the lease. Waits up to a minute while another trainer holds it.</summary>
    /// <returns>Null if another trainer still holds it.</returns>
    public static async Task<IRunLock?> TryTakeAsync(
        BlobClient blob, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        await CreateIfMissingAsync(blob, cancellationToken);
        BlobLeaseClient lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
        long start = time.GetTimestamp();
        while (true)
        {
            if (await TryAcquireAsync(lease, cancellationToken))
                return new BlobRunLock(lease, time, logger);
            if (time.GetElapsedTime(start) >= Wait)
                return null;
            logger.LogInformation("Another trainer holds this run; waiting for it to end or for its lock to expire");
            await Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync();
        _lost.Dispose();
        using var limit = new CancellationTokenSource(LeaseTime);
        try
        {
            await _lease.ReleaseAsync(cancellationToken: limit.Token);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            _logger.LogWarning("The run's lock could not be released and will expire by itself: {Reason}", e.Message);
        }
    }

    // Acquiring with the same lease id renews the lease. It also takes an expired lease again if nobody else has taken it.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (await TryAcquireAsync(_lease, cancellationToken))
            return;
        _logger.LogError("Another trainer has taken over this run; this one ends");
        await _lost.CancelAsync();
    }

    private static async Task<bool> TryAcquireAsync(BlobLeaseClient lease, CancellationToken cancellationToken)
    {
        try
        {
            await lease.AcquireAsync(LeaseTime, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
        {
            return false;
        }
    }

    private static async Task CreateIfMissingAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var onlyIfNew = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(BinaryData.Empty, onlyIfNew, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            // The blob exists, leased or not.
        }
    }
}
