using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using KeypointPipeline.Port;

namespace KeypointPipeline.Training;

/// <summary><c>runs/slot.json</c>: the training whose turn it is, and those that wait, in order of arrival.</summary>
/// <param name="Holder">The instance whose turn it is, or null.</param>
/// <param name="Until">When the claim expires, UTC.</param>
/// <param name="ContestedAt">When another instance found the claim expired and began to wait for its renewal, UTC; or null.</param>
/// <param name="Waiting">The instances that wait, first come first; null in files of earlier versions.</param>
public sealed record TrainingClaim(
    string? Holder, DateTimeOffset Until, DateTimeOffset? ContestedAt = null, IReadOnlyList<TrainingPlace>? Waiting = null)
{
    private IReadOnlyList<TrainingPlace> Line => Waiting ?? [];

    /// <summary>The instances that have the turn or wait for it.</summary>
    [JsonIgnore]
    public IEnumerable<string> Instances => [.. Holder is null ? [] : (string[])[Holder], .. Line.Select(place => place.InstanceId)];

    /// <summary>Answers an instance that asks for its turn. It gets the turn if nobody has it and nobody arrived before. Otherwise it gets a
    /// place in the line, or keeps the place that it has.</summary>
    /// <returns>The claim to store, and the answer.</returns>
    internal (TrainingClaim Next, TrainingTurn Turn) Ask(string instanceId, DateTimeOffset now)
    {
        List<TrainingPlace> line = [.. Line.Where(place => place.InstanceId == instanceId || !Term(place).IsForfeit(now))];
        bool isHeld = Holder is not null && Holder != instanceId && !Term(this).IsForfeit(now);
        if (Holder == instanceId || (!isHeld && (line.Count == 0 || line[0].InstanceId == instanceId)))
            return (TakenBy(instanceId, now), new TrainingTurn(instanceId));

        int own = line.FindIndex(place => place.InstanceId == instanceId);
        if (own < 0)
        {
            own = line.Count;
            line.Add(new TrainingPlace(instanceId, now, now));
        }

        TimeSpan wait = WaitingPace.Next(now - line[own].Since, own == 0 ? TrainingSlot.LongestWaitOfTheNext : TrainingSlot.LongestWait);
        line[own] = line[own] with { Until = now + wait, ContestedAt = null };
        for (int i = 0; i < line.Count; i++)
            line[i] = line[i] with { ContestedAt = Term(line[i]).Contest(now) };
        return isHeld
            ? (this with { ContestedAt = Term(this).Contest(now), Waiting = line }, new TrainingTurn(Holder!, wait, own))
            : (this with { Waiting = line }, new TrainingTurn(line[0].InstanceId, wait, own - 1));
    }

    /// <summary>The claim after an instance took or renewed it.</summary>
    internal TrainingClaim TakenBy(string instanceId, DateTimeOffset now) =>
        new(instanceId, now + TrainingSlot.Lease, ContestedAt: null, Without(instanceId));

    /// <summary>The claim after an instance gave up its turn or its place in the line.</summary>
    internal TrainingClaim LeftBy(string instanceId, DateTimeOffset now) => Holder == instanceId
        ? new TrainingClaim(Holder: null, now, ContestedAt: null, Without(instanceId))
        : this with { Waiting = Without(instanceId) };

    private static TrainingTerm Term(TrainingClaim claim) => new(claim.Until, claim.ContestedAt);

    private static TrainingTerm Term(TrainingPlace place) => new(place.Until, place.ContestedAt);

    private IReadOnlyList<TrainingPlace> Without(string instanceId) => [.. Line.Where(place => place.InstanceId != instanceId)];
}

/// <summary>The place of an instance that waits for its turn.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Since">When it first asked, UTC.</param>
/// <param name="Until">When it must have asked again, UTC.</param>
/// <param name="ContestedAt">When another instance found that it had not asked in time, UTC; or null. It loses its place
/// <see cref="TrainingSlot.Notice"/> later unless it asks.</param>
public sealed record TrainingPlace(string InstanceId, DateTimeOffset Since, DateTimeOffset Until, DateTimeOffset? ContestedAt = null);

/// <summary>How long a claim or a place is valid.</summary>
/// <param name="Until">When it expires, UTC.</param>
/// <param name="ContestedAt">When another instance found it expired, UTC; or null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TrainingTerm(DateTimeOffset Until, DateTimeOffset? ContestedAt)
{
    /// <summary>Whether it was not renewed in time after it was contested.</summary>
    public bool IsForfeit(DateTimeOffset now) => ContestedAt + TrainingSlot.Notice <= now;

    /// <summary>When it was contested: now if it is expired and nobody has contested it yet. A term that would be valid for longer than
    /// <see cref="TrainingSlot.Lease"/> was set before the clock was set back, and counts as expired.</summary>
    public DateTimeOffset? Contest(DateTimeOffset now)
    {
        bool isValid = Until > now && Until <= now + TrainingSlot.Lease;
        return isValid || ContestedAt <= now ? ContestedAt : now;
    }
}
