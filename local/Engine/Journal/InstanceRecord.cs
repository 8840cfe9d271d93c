using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>An instance as it is accepted.</summary>
internal sealed record NewInstance(string Id, string Name, long? Parent, string Input, DateTimeOffset Created);

/// <summary>The row of an instance that has not ended.</summary>
/// <param name="Key">The journal's key of it.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its workflow.</param>
/// <param name="Input">Its input, JSON.</param>
/// <param name="Created">When it was accepted, UTC.</param>
/// <param name="CustomStatus">What it set last, JSON.</param>
/// <param name="Events">Entries in its history.</param>
/// <param name="LastEvent">Time of the last of them, or of its acceptance, UTC.</param>
internal sealed record InstanceRecord(
    long Key, string Id, string Name, string Input, DateTimeOffset Created, string? CustomStatus, int Events, DateTimeOffset LastEvent);

/// <summary>How an instance ended.</summary>
/// <param name="Status">Completed, failed or terminated.</param>
/// <param name="Output">Its output, or the error or the reason as a JSON string.</param>
/// <param name="ErrorType">Full type name of the exception, where it failed.</param>
internal sealed record InstanceEnd(WorkflowRuntimeStatus Status, string? Output, string? ErrorType);

/// <summary>Where an instance stands, for a workflow that wants it as its child.</summary>
internal sealed record InstanceOutcome(string Name, WorkflowRuntimeStatus Status, string? Output, string? ErrorType);

/// <summary>An instance that a termination ended.</summary>
internal sealed record TerminatedInstance(long Key, string Id, string Name);

/// <summary>A clean-up step that is owed to a terminated instance.</summary>
/// <param name="Instance">The instance's key.</param>
/// <param name="InstanceId">Its id, the step's input.</param>
/// <param name="Step">The step's name.</param>
/// <param name="FailedAttempts">Tries that failed so far.</param>
/// <param name="Due">When the next try may begin, UTC.</param>
internal sealed record OwedCleanup(long Instance, string InstanceId, string Step, int FailedAttempts, DateTimeOffset Due);
