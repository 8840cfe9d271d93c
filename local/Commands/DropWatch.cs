using KeypointPipeline.Local.Commands.Data;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Commands;

/// <summary>Follows what a drop started, and says whether it did what was asked for.</summary>
/// <param name="host">The running host.</param>
/// <param name="content">Looks whether newer content took the drop's place.</param>
/// <param name="asJson">Whether the command prints JSON.</param>
internal sealed class DropWatch(RunningHost host, DroppedContent content, bool asJson)
{
    /// <summary>Follows a drop to its end.</summary>
    /// <exception cref="CommandException">The instance does not appear within a minute.</exception>
    public async Task<DropReport> FollowAsync(DroppedItem item, CancellationToken cancellationToken)
    {
        string? replacement = null;
        WorkflowStatus? ended = await new InstanceFollower(host.FindAsync, asJson).FollowAsync(
            item.InstanceId,
            item.Name,
            async token => (replacement = await content.FindReplacementAsync(item, token)) is not null,
            cancellationToken);
        if (ended is null)
            return new DropReport(item, Succeeded: false, replacement, Instance: null);

        InstanceOutcome outcome = InstanceOutcome.Of(ended);
        return !outcome.UsedContent && await content.FindReplacementAsync(item, cancellationToken) is string replaced
            ? new DropReport(item, Succeeded: false, replaced, ended)
            : new DropReport(item, outcome.Succeeded, outcome.Reason, ended);
    }
}

/// <summary>What <c>drop --watch --json</c> prints: the drop and how its instance ended.</summary>
/// <param name="Kind">Whether it is a dataset or a batch.</param>
/// <param name="Name">The dataset's path or the batch's name.</param>
/// <param name="InstanceId">Id of the instance.</param>
/// <param name="Files">Number of uploaded files.</param>
/// <param name="LeftOut">Files that were left out, each with the reason.</param>
/// <param name="Succeeded">Whether the drop did what was asked for.</param>
/// <param name="Reason">Why it did not, or a note; null if there is nothing to say.</param>
/// <param name="Instance">The ended instance; null if newer content took the drop's place before it was started.</param>
internal sealed record DropReport(
    DroppedKind Kind, string Name, string InstanceId, int Files, IReadOnlyList<string> LeftOut, bool Succeeded, string? Reason, WorkflowStatus? Instance)
{
    /// <summary>Where the results or the report are; null if there are none.</summary>
    public DropEnding? Results { get; init; }

    /// <summary>Adds the end of a drop to the drop.</summary>
    public DropReport(DroppedItem item, bool Succeeded, string? Reason, WorkflowStatus? Instance)
        : this(item.Kind, item.Name, item.InstanceId, item.Files, item.LeftOut, Succeeded, Reason, Instance)
    {
    }
}
