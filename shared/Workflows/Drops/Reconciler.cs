using System.Runtime.ExceptionServices;
using KeypointPipeline.Datasets;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Starts every drop in <c>datasets</c> and <c>images</c> that was never handled: its event was lost, its starter died, or there
/// are no events. Lists in pages, remembers its place and limits the work of each run. Failed and terminated instances count as
/// handled.</summary>
/// <remarks>The first pass in a storage of an earlier version records what already has results, prepared data or a rejection, and starts none
/// of it. Drops whose quick tries failed are tried again once a day.</remarks>
public sealed class Reconciler : IDisposable
{
    /// <summary>Setting of the function app: when it runs.</summary>
    public const string ScheduleVariable = "RECONCILE_SCHEDULE";

    private readonly SemaphoreSlim _oneRun = new(1, 1);
    private readonly ContainerPass _datasets;
    private readonly ContainerPass _batches;
    private readonly PreparedLeftovers _leftovers;

    /// <summary>Creates it.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="handled">The records of drops.</param>
    /// <param name="triggers">Starts drops, and warns about blobs that look like mistakes.</param>
    /// <param name="paths">Shows which datasets an earlier version prepared.</param>
    /// <param name="limits">How much a run does.</param>
    /// <param name="time">The clock of records.</param>
    /// <param name="logger">Receives what could not be started and what was cleaned up.</param>
    public Reconciler(
        PipelineStorage storage,
        HandledDrops handled,
        DropTriggers triggers,
        DatasetPaths paths,
        ReconcileLimits limits,
        TimeProvider time,
        ILogger<Reconciler> logger)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _datasets = Pass(new DatasetListing(storage, limits, time));
        _batches = Pass(new BatchListing(storage, limits, time));
        _leftovers = new PreparedLeftovers(storage, time, logger);

        ContainerPass Pass(IDropListing listing) =>
            new(listing, storage, handled, triggers, () => new EarlierOutcomes(storage, paths), limits, time, logger);
    }

    /// <summary>Looks through both containers, as far as one run's limits allow. One that cannot be listed does not stop the other.</summary>
    /// <param name="workflows">Starts the workflows.</param>
    /// <param name="cancellationToken">Ends the run. The next run continues.</param>
    /// <exception cref="Azure.RequestFailedException">A container could not be listed.</exception>
    public async Task RunAsync(IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        await _oneRun.WaitAsync(cancellationToken);
        try
        {
            Exception? first = null;
            bool allSeen = false;
            foreach (ContainerPass pass in (ContainerPass[])[_datasets, _batches])
            {
                try
                {
                    allSeen |= await pass.RunAsync(workflows, cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    first ??= e;
                }
            }

            if (first is not null)
                ExceptionDispatchInfo.Throw(first);
            if (allSeen)
                await _leftovers.RemoveAsync(cancellationToken);
        }
        finally
        {
            _oneRun.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneRun.Dispose();
}
