using System.Text.Json;
using Azure;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Goes through one container and starts what was never handled. A pass looks at what was written since the pass before it. Once a
/// day, it looks at blobs of every age, because some ways of restoring or renaming a blob keep its old time.</summary>
/// <param name="listing">Lists the container.</param>
/// <param name="storage">The account.</param>
/// <param name="handled">The records of drops.</param>
/// <param name="triggers">Starts drops, and warns about blobs that look like mistakes.</param>
/// <param name="createOutcomes">Creates what is asked before the first pass has ended: an earlier version may have handled the drop.</param>
/// <param name="limits">The limits of a run.</param>
/// <param name="time">Tells whether a drop is to be tried again.</param>
/// <param name="logger">Receives drops that could not be started.</param>
internal sealed class ContainerPass(
    IDropListing listing,
    PipelineStorage storage,
    HandledDrops handled,
    DropTriggers triggers,
    Func<EarlierOutcomes> createOutcomes,
    ReconcileLimits limits,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>How far the clocks of the storage service's machines may differ.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FullPassEvery = TimeSpan.FromDays(1);

    private readonly ReconcilePlaces _places = new(storage, listing.Container);

    /// <summary>Settled blobs that the next pass would look at again. It only saves work.</summary>
    private readonly Dictionary<string, SeenBlob> _settled = new(StringComparer.Ordinal);

    /// <summary>Continues the pass, or begins one.</summary>
    /// <returns>Whether a pass over blobs of every age has ended.</returns>
    public async Task<bool> RunAsync(IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        ReconcilePlace place = await _places.ReadAsync(cancellationToken);
        ReconcilePass? pass = place.Pass;
        EarlierOutcomes? outcomes = place.Since is null ? createOutcomes() : null;
        var run = new ReconcileRun(limits);
        do
        {
            DropPage page;
            (page, pass) = await ListAsync(place, pass, cancellationToken);
            PageLook look = await LookAsync(page, place, pass, cancellationToken);
            run.CountPage(page.Looks + look.Requests);
            (bool complete, DateTimeOffset? oldestOpen) = await SettleAsync(workflows, look, outcomes, run, cancellationToken);
            pass = pass with { OldestOpen = Earlier(pass.OldestOpen, oldestOpen) };
            if (complete && page.Next is null)
            {
                await EndAsync(place, pass, cancellationToken);
                return pass.IsFull;
            }

            if (complete)
                pass = pass with { Next = page.Next };
        }
        while (!run.HasReadEnough);

        await _places.MoveAsync(place with { Pass = pass }, cancellationToken);
        return false;
    }

    private async Task<(DropPage Page, ReconcilePass Pass)> ListAsync(ReconcilePlace place, ReconcilePass? pass, CancellationToken cancellationToken)
    {
        DropPage page;
        try
        {
            page = await listing.ListAsync(pass?.Next, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 400 && pass?.Next is not null)
        {
            // The service does not know its token any more: the pass begins again.
            (page, pass) = (await listing.ListAsync(from: null, cancellationToken), null);
        }

        // If the clock of storage was set back, times say nothing about what was written since.
        bool isFull = place.FullAt is not DateTimeOffset last || page.Time - last >= FullPassEvery || page.Time < place.Since;
        return (page, pass ?? new ReconcilePass(page.Time, isFull));
    }

    private Task EndAsync(ReconcilePlace place, ReconcilePass pass, CancellationToken cancellationToken)
    {
        DateTimeOffset since = Earlier(pass.StartedAt - ClockTolerance, pass.OldestOpen)!.Value;
        foreach ((string name, SeenBlob blob) in _settled)
        {
            if (blob.Written < since)
                _settled.Remove(name);
        }

        return _places.MoveAsync(new ReconcilePlace(since, pass.IsFull ? pass.StartedAt : place.FullAt), cancellationToken);
    }

    /// <summary>Reads the records of a page's drops.</summary>
    private async Task<PageLook> LookAsync(DropPage page, ReconcilePlace place, ReconcilePass pass, CancellationToken cancellationToken)
    {
        var blobs = new List<(SeenBlob Seen, DroppedBlob Blob)>();
        foreach (SeenBlob seen in page.Blobs)
        {
            bool isNew = seen.Written is null || place.Since is null || seen.Written >= place.Since;
            if ((!isNew && !pass.IsFull) || (_settled.TryGetValue(seen.Name, out SeenBlob? settled) && settled.ETag == seen.ETag))
                continue;
            DroppedBlob blob = DroppedBlob.Classify(listing.Container, seen.Name);
            if (blob.Kind != DropKind.Nothing || (blob.Warning is not null && isNew))
                blobs.Add((seen, blob));
        }

        DropLook[] looks = await Requests.SideBySideAsync(blobs, (blob, token) => LookAsync(blob.Seen, blob.Blob, token), cancellationToken);
        return new PageLook(looks, 2 * looks.Length);
    }

    private async Task<DropLook> LookAsync(SeenBlob seen, DroppedBlob blob, CancellationToken cancellationToken)
    {
        Drop? drop = await Drop.FindAsync(storage, blob, seen.Name, seen.ETag, cancellationToken);
        if (drop is null)
            return new DropLook(seen, blob);
        try
        {
            return new DropLook(seen, blob, drop, await handled.FindAsync(drop, cancellationToken));
        }
        catch (JsonException e)
        {
            return new DropLook(seen, blob, drop, Problem: e.Message);
        }
    }

    /// <summary>Settles a page's drops in order.</summary>
    /// <returns>Whether the run's limit allowed to look at every drop, and when the oldest drop was written that is still open.</returns>
    private async Task<(bool Complete, DateTimeOffset? OldestOpen)> SettleAsync(
        IWorkflowClient workflows, PageLook page, EarlierOutcomes? outcomes, ReconcileRun run, CancellationToken cancellationToken)
    {
        DateTimeOffset? oldestOpen = null;
        foreach (DropLook look in page.Drops)
        {
            if (run.HasStartedEnough)
                return (false, oldestOpen);
            if (await TrySettleAsync(workflows, look, outcomes, run, cancellationToken))
                _settled[look.Seen.Name] = look.Seen;
            else
                oldestOpen = Earlier(oldestOpen, look.Seen.Written);
        }

        return (true, oldestOpen);
    }

    private async Task<bool> TrySettleAsync(
        IWorkflowClient workflows, DropLook look, EarlierOutcomes? outcomes, ReconcileRun run, CancellationToken cancellationToken)
    {
        if (look.Drop is not Drop drop)
        {
            await triggers.WarnAsync(look.Blob, listing.Container, look.Seen.Name, look.Seen.ETag, cancellationToken);
            return true;
        }

        if (look.Problem is not null)
            logger.LogError("{Path} is left alone: {Problem} Delete that record to start it", drop.Path, look.Problem);
        if (look.Problem is not null || look.Record?.IsSettled == true)
            return true;
        if (look.Record?.IsDue(time.GetUtcNow()) == false)
            return false;

        // If this cannot be found out, the run fails and is repeated: an earlier version's drops must not start again.
        if (look.Record is null && outcomes is not null && await outcomes.HasOutcomeAsync(drop, cancellationToken))
        {
            await handled.AdoptAsync(drop, cancellationToken);
            return true;
        }

        bool started = await TryStartAsync(workflows, drop, cancellationToken);
        run.CountStart(started);
        return started;
    }

    /// <summary>Starts a drop. If it cannot be started, it does not stop the others.</summary>
    private async Task<bool> TryStartAsync(IWorkflowClient workflows, Drop drop, CancellationToken cancellationToken)
    {
        try
        {
            await triggers.StartAsync(workflows, drop, cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(e, "{Path} could not start its workflow and is tried again", drop.Path);
            await NoteFailureAsync(drop, e.Message, cancellationToken);
            return false;
        }
    }

    private async Task NoteFailureAsync(Drop drop, string problem, CancellationToken cancellationToken)
    {
        try
        {
            await triggers.NoteFailureAsync(drop, problem, cancellationToken);
        }
        catch (RequestFailedException e)
        {
            logger.LogWarning("The failed start of {Path} could not be recorded: {Reason}", drop.Path, e.Message);
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right ?? left : left;

    private sealed record PageLook(IReadOnlyList<DropLook> Drops, int Requests);

    private sealed record DropLook(SeenBlob Seen, DroppedBlob Blob, Drop? Drop = null, HandledDrop? Record = null, string? Problem = null);
}
