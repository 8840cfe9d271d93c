using System.Text.Json;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Finds out what an earlier version of the pipeline made of a drop. That version kept no record of drops, so its outcomes are the
/// only traces that are left once the histories of its instances are purged.</summary>
/// <param name="storage">The account.</param>
/// <param name="paths">The datasets in force. They are listed once.</param>
internal sealed class EarlierOutcomes(PipelineStorage storage, DatasetPaths paths)
{
    private Dictionary<string, DatasetPathState>? _states;

    /// <summary>Whether a drop has an outcome: results of the batch that are newer than the drop, a prepared dataset or a withdrawal of this
    /// content, or a rejection that is at least as new.</summary>
    public Task<bool> HasOutcomeAsync(Drop drop, CancellationToken cancellationToken) => drop.Container == BlobLayout.Images
        ? HasResultsAsync(drop, cancellationToken)
        : IsKnownDatasetAsync(drop, cancellationToken);

    private async Task<bool> HasResultsAsync(Drop drop, CancellationToken cancellationToken)
    {
        DateTimeOffset? dropped = await FindTimeAsync(drop.Container, drop.Name, cancellationToken);
        try
        {
            var summary = await storage.ReadAsync<BatchSummary>(BlobLayout.Results, $"{drop.Subject}/{ResultFiles.Summary}", cancellationToken);
            return summary?.Value.StartedAt >= dropped;
        }
        catch (JsonException)
        {
            // Something was made of the batch. Predicting it again would delete that.
            return true;
        }
    }

    private async Task<bool> IsKnownDatasetAsync(Drop drop, CancellationToken cancellationToken)
    {
        // A sidecar that is newer than the outcome makes it a new drop.
        DateTimeOffset? sidecar = drop.SidecarETag is null
            ? DateTimeOffset.MinValue
            : await FindTimeAsync(drop.Container, drop.Name + SidecarFile.Ending, cancellationToken);
        _states ??= (await paths.ListAsync(cancellationToken)).ToDictionary(state => state.Path, StringComparer.Ordinal);
        if (_states.TryGetValue(drop.Subject, out DatasetPathState? state) && Knows(state, drop.ETag, sidecar))
            return true;

        DateTimeOffset? dropped = await FindTimeAsync(drop.Container, drop.Name, cancellationToken);
        DateTimeOffset? rejected = await FindTimeAsync(BlobLayout.Rejected, drop.Subject + BlobLayout.RejectionReportEnding, cancellationToken);
        return rejected >= dropped && rejected >= sidecar;
    }

    private static bool Knows(DatasetPathState state, string etag, DateTimeOffset? sidecar) =>
        (BlobETag.Same(state.SourceETag, etag) && state.Since >= sidecar)
        || (BlobETag.Same(state.Withdrawn?.ETag, etag) && state.Withdrawn?.At >= sidecar)
        || (state.Earlier ?? []).Any(earlier => BlobETag.Same(earlier.SourceETag, etag) && earlier.Since >= sidecar);

    private async Task<DateTimeOffset?> FindTimeAsync(string container, string name, CancellationToken cancellationToken) =>
        await storage.FindPropertiesAsync(container, name, cancellationToken) is BlobProperties found ? found.LastModified : null;
}
