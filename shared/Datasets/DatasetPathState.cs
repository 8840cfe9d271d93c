using System.Text.Json.Serialization;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets;

/// <summary>Content of <c>prepared/paths/{hash of path}.json</c>: which dataset is in force for a path. The path is the dataset's name. The
/// newest accepted content of a path replaces the older one in later trainings.</summary>
/// <param name="Path">The dataset's path (<see cref="DatasetPath"/>).</param>
/// <param name="DatasetId">Id of the newest accepted content; null if none was accepted yet.</param>
/// <param name="SourceETag">ETag of the dropped file with that content; null if unknown.</param>
/// <param name="Since">Time from which that content is in force, UTC; null if none was accepted yet.</param>
/// <param name="Withdrawn">Why and when the path was withdrawn; null if it was not.</param>
/// <param name="TakenOver">An earlier version of the pipeline prepared the dataset and kept no record of the path. The newest prepared
/// dataset of the path is assumed to be in force.</param>
/// <param name="FileGone">The file was already gone when the path was taken over, so that its absence does not withdraw the path.</param>
/// <param name="SettledRejection">ETag of the rejection report that a later accepted file of this path made obsolete; null if there was
/// none.</param>
/// <param name="Earlier">Contents that were in force before, oldest first; null if there were none.</param>
public sealed record DatasetPathState(
    string Path,
    string? DatasetId = null,
    string? SourceETag = null,
    DateTimeOffset? Since = null,
    DatasetWithdrawal? Withdrawn = null,
    bool TakenOver = false,
    bool FileGone = false,
    string? SettledRejection = null,
    IReadOnlyList<EarlierDataset>? Earlier = null)
{
    /// <summary>The dataset that later trainings use, or null if the path is withdrawn or nothing was accepted yet.</summary>
    [JsonIgnore]
    public DatasetInForce? InForce =>
        Withdrawn is null && DatasetId is string id ? new DatasetInForce(Path, id, SourceETag, Since ?? DateTimeOffset.UnixEpoch) : null;

    /// <summary>Ids of all datasets that are or were in force for this path, without repetition.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> DatasetIds =>
        [.. (Earlier ?? []).Select(earlier => earlier.DatasetId).Append(DatasetId).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a rejection of this path is obsolete, because a good file was accepted later.</summary>
    /// <param name="rejection">ETag of the rejection report.</param>
    /// <param name="rejectedAt">When it was written.</param>
    internal bool HasSettled(string rejection, DateTimeOffset? rejectedAt) =>
        BlobETag.Same(rejection, SettledRejection) || (TakenOver && rejectedAt <= Since);

    /// <summary>Whether the prepared dataset is needed: it is in force, or is again if the deleted file comes back.</summary>
    internal bool Owns(string datasetId) => DatasetId == datasetId && Withdrawn?.Reason is null or WithdrawalReason.Deleted;

    /// <summary>Replaces a dataset by one without erased rows, or withdraws it if none is left.</summary>
    internal DatasetPathState Move(string? datasetId, DateTimeOffset now) => this with
    {
        DatasetId = datasetId ?? DatasetId,
        Since = now,
        Withdrawn = datasetId is null ? new DatasetWithdrawal(WithdrawalReason.Erased, now, SourceETag) : Withdrawn,
        Earlier = EarlierUntil(now, WithdrawalReason.Erased),
    };

    /// <summary>Puts an accepted content in force. Content that already is in force keeps its time.</summary>
    internal DatasetPathState With(string datasetId, string etag, string? settledRejection, DateTimeOffset now) => this with
    {
        DatasetId = datasetId,
        SourceETag = etag,
        Since = InForce?.DatasetId == datasetId ? Since : now,
        Withdrawn = null,
        TakenOver = false,
        FileGone = false,
        SettledRejection = settledRejection,
        Earlier = InForce?.DatasetId == datasetId ? Earlier : EarlierUntil(now),
    };

    /// <summary>Withdraws the path.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="etag">ETag of the file that must not come into force any more, or null if there is no file.</param>
    /// <param name="now">The time of the withdrawal, UTC.</param>
    internal DatasetPathState Withdraw(WithdrawalReason reason, string? etag, DateTimeOffset now) =>
        this with { Withdrawn = new DatasetWithdrawal(reason, Withdrawn?.At ?? now, etag) };

    /// <summary>Puts the content in force again after what was missing came back.</summary>
    internal DatasetPathState Restore(DateTimeOffset now) => this with { Withdrawn = null, Since = now, Earlier = EarlierUntil(now) };

    /// <summary>Whether a person withdrew the path while its file had this ETag. Only a newer file comes into force then.</summary>
    internal bool IsRefused(string etag) =>
        Withdrawn is { Reason: WithdrawalReason.Removed or WithdrawalReason.Erased } withdrawn && BlobETag.Same(withdrawn.ETag, etag);

    private IReadOnlyList<EarlierDataset>? EarlierUntil(DateTimeOffset now, WithdrawalReason? reason = null) => DatasetId is string id
        ? [.. Earlier ?? [], new EarlierDataset(id, SourceETag, Since ?? DateTimeOffset.UnixEpoch, Withdrawn?.At ?? now, reason ?? Withdrawn?.Reason)]
        : Earlier;
}

/// <summary>A dataset that later trainings use.</summary>
/// <param name="Path">The dataset's path (<see cref="DatasetPath"/>).</param>
/// <param name="DatasetId">Id of the prepared dataset. Two paths may have the same one.</param>
/// <param name="SourceETag">ETag of the dropped file; null if unknown.</param>
/// <param name="Since">Time from which it is in force, UTC.</param>
public sealed record DatasetInForce(string Path, string DatasetId, string? SourceETag, DateTimeOffset Since);

/// <summary>A dataset that was in force for a path before.</summary>
/// <param name="DatasetId">Id of the prepared dataset.</param>
/// <param name="SourceETag">ETag of its file; null if unknown.</param>
/// <param name="Since">Time from which it was in force, UTC.</param>
/// <param name="Until">Time at which it was replaced or withdrawn, UTC.</param>
/// <param name="Withdrawn">Why it was withdrawn; null if it was replaced.</param>
public sealed record EarlierDataset(
    string DatasetId, string? SourceETag, DateTimeOffset Since, DateTimeOffset Until, WithdrawalReason? Withdrawn = null);

/// <summary>The withdrawal of a path.</summary>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
/// <param name="ETag">ETag that the file had then; null if it had no file.</param>
public sealed record DatasetWithdrawal(WithdrawalReason Reason, DateTimeOffset At, string? ETag = null);

/// <summary>Why a path is withdrawn.</summary>
public enum WithdrawalReason
{
    /// <summary>Its file was deleted. If the same file comes back, it is in force again.</summary>
    Deleted,

    /// <summary>Its prepared copy is gone from storage. If the file is dropped again, it is in force again.</summary>
    Lost,

    /// <summary>A person withdrew it. A newer file of this path is in force again.</summary>
    Removed,

    /// <summary>A person erased it. A newer file of this path is in force again.</summary>
    Erased,
}
