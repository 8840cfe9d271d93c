using System.Text.Json.Serialization;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Content of <c>handled/{container}/{hash}.json</c>: the memory of one <see cref="Drop"/>. The record is created before the start
/// and confirmed after it. A confirmed drop is never started again by itself, however often it is reported and whatever the history of
/// instances still knows.</summary>
/// <param name="Blob">The blob's container and name.</param>
/// <param name="ETag">Its content.</param>
/// <param name="InstanceId">Id of its instance.</param>
/// <param name="RecordedAt">When the record was created, UTC.</param>
/// <param name="SidecarETag">Content of the dataset's sidecar; null if it has none.</param>
/// <param name="StartedAt">When the start was confirmed, UTC; null until then.</param>
/// <param name="Tries">Failed tries of <see cref="Reconciler"/>. Counted anew once the drop is poisoned.</param>
/// <param name="TriedAt">Time of the last failed try, UTC; null if there was none.</param>
/// <param name="PoisonedAt">When the quick tries were given up, UTC; null if they were not. Then one try a day follows.</param>
/// <param name="Problem">Why the last try failed; null if none did.</param>
public sealed record HandledDrop(
    string Blob,
    string ETag,
    string InstanceId,
    DateTimeOffset RecordedAt,
    string? SidecarETag = null,
    DateTimeOffset? StartedAt = null,
    int Tries = 0,
    DateTimeOffset? TriedAt = null,
    DateTimeOffset? PoisonedAt = null,
    string? Problem = null)
{
    /// <summary>Tries of a poisoned drop, one a day.</summary>
    public const int DailyTries = 5;

    /// <summary>How long a starter has to confirm its start. Later, the start is repeated: the starter may have died.</summary>
    public static readonly TimeSpan ConfirmationTime = TimeSpan.FromMinutes(1);

    /// <summary>How long tries follow each other quickly before the drop counts as poisoned.</summary>
    public static readonly TimeSpan QuickTries = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Whether nothing is left to do: the drop was started, or every try failed.</summary>
    [JsonIgnore]
    public bool IsSettled => StartedAt is not null || (PoisonedAt is not null && Tries >= DailyTries);

    /// <summary>Whether it should be started now.</summary>
    internal bool IsDue(DateTimeOffset now) => !IsSettled && now >= DueAt;

    /// <summary>Returns the record after a failed try.</summary>
    /// <param name="problem">Why the try failed.</param>
    /// <param name="poisoned">Whether quick tries have already failed.</param>
    /// <param name="now">The time, UTC.</param>
    internal HandledDrop AfterFailure(string problem, bool poisoned, DateTimeOffset now)
    {
        bool becomesPoisoned = PoisonedAt is null && (poisoned || now - RecordedAt >= QuickTries);
        return this with
        {
            Tries = becomesPoisoned ? 0 : Tries + 1,
            TriedAt = now,
            PoisonedAt = becomesPoisoned ? now : PoisonedAt,
            Problem = problem,
        };
    }

    private DateTimeOffset DueAt
    {
        get
        {
            if (TriedAt is not DateTimeOffset tried)
                return RecordedAt + ConfirmationTime;
            TimeSpan pause = PoisonedAt is null ? TimeSpan.FromSeconds(Math.Pow(2, Math.Min(Tries - 1, 20))) : Day;
            return tried + (PoisonedAt is null && pause > LongestPause ? LongestPause : pause);
        }
    }
}
