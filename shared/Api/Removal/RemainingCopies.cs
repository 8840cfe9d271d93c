using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Removal;

/// <summary>Lists what a removal leaves, and until when.</summary>
public sealed class RemainingCopies(PipelineStorage storage, ModelRegistry models, TimeProvider time)
{
    /// <summary>Lists what remains after blobs were deleted: what the storage service keeps, and copies outside of it.</summary>
    /// <param name="what">What was deleted, for example <c>rows</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<IReadOnlyList<RemainingCopy>> OfDeletedAsync(string what, CancellationToken cancellationToken)
    {
        var outside = new RemainingCopy(
            "copies outside the pipeline", null, "Backups of the storage, downloads, and the original files on other machines are unknown to the pipeline.");
        return storage.IsOnThisMachine
            ? [new RemainingCopy(
                "bytes in the storage server's own files", null, $"No request can read the deleted {what}. The server frees the bytes once it uses none of the same file."), outside]
            : [.. SoftDeleted(await storage.FindSoftDeleteDaysAsync(cancellationToken)), outside];
    }

    /// <summary>Lists what attempts to prepare a file left behind, whichever file it was. An attempt that still runs counts too.</summary>
    public async Task<IReadOnlyList<RemainingCopy>> OfAttemptsAsync(CancellationToken cancellationToken) =>
        await storage.ListAsync(BlobLayout.Prepared, BlobLayout.PreparedIncoming, cancellationToken).AnyAsync(cancellationToken)
            ? [new RemainingCopy(
                $"attempts to prepare a file in {BlobLayout.Prepared}/{BlobLayout.PreparedIncoming}", null, "They may have these rows. They are deleted when they end, or a day after they were killed.")]
            : [];

    /// <summary>Lists the sidecar of an erased file, if it has one.</summary>
    public async Task<IReadOnlyList<RemainingCopy>> OfSidecarAsync(string path, CancellationToken cancellationToken) =>
        await new BlobSidecar(storage, path).FindETagAsync(cancellationToken) is null
            ? []
            : [new RemainingCopy($"datasets/{path}{SidecarFile.Ending}", null, "It says how to read the file and has no rows. It counts again if the file is dropped again. Delete it if it should not.")];

    /// <summary>Lists the versions that learned from datasets.</summary>
    public async Task<IReadOnlyList<RemainingCopy>> OfModelsAsync(IReadOnlyCollection<string> datasetIds, CancellationToken cancellationToken)
    {
        string? champion = (await models.GetChampionAsync(cancellationToken))?.Version;
        return
        [
            .. from model in await models.ListAsync(cancellationToken)
               where model.DatasetIds.Intersect(datasetIds, StringComparer.Ordinal).Any()
               select new RemainingCopy(
                   $"model {model.Version}{(model.Version == champion ? ", the champion," : "")} and its run {model.RunId}",
                   null,
                   "It learned from these rows. It holds weights and hashes, no rows. The next training does not use them. To delete it, "
                   + $"delete models/{model.Version}/ and runs/{model.RunId}/."),
        ];
    }

    private IEnumerable<RemainingCopy> SoftDeleted(int? days)
    {
        const string What = "deleted blobs in the storage account";
        if (days is null)
            yield return new RemainingCopy(What, null, "The account's soft delete keeps them for SOFT_DELETE_DAYS, 7 unless you set it. Until then they can be restored.");
        else if (days > 0)
            yield return new RemainingCopy(What, time.GetUtcNow().AddDays(days.Value), "The account's soft delete keeps them. Until then they can be restored.");
    }
}
