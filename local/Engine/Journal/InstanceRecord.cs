using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>A new instance.</summary>
internal sealed record NewInstance(string Id, string Name, long? Parent, string Input, DateTimeOffset Created);

/// <summary>The row of an instance that has not ended.</summary>
/// <param name="Key">Key of the instance in the journal.</param>
/// <param name="Id">Id of the instance.</param>
/// <param name="Name">Name of the workflow.</param>
/// <param name="Input">Input, JSON.</param>
/// <param name="Created">Time of its creation, UTC.</param>
/// <param name="CustomStatus">Newest custom status, JSON.</param>
/// <param name="Events">Number of entries in the history.</param>
/// <param name="LastEvent">Time of the last entry, or of the creation if there is none, UTC.</param>
internal sealed record InstanceRecord(
    long Key, string Id, string Name, string Input, DateTimeOffset Created, string? CustomStatus, int Events, DateTimeOffset LastEvent);

/// <summary>How an instance ended.</summary>
/// <param name="Status">Completed, failed or terminated.</param>
/// <param name="Output">The output; the error message or the reason, as a JSON string, if it did not complete.</param>
/// <param name="ErrorType">Full type name of the exception, if it failed.</param>
internal sealed record InstanceEnd(WorkflowRuntimeStatus Status, string? Output, string? ErrorType);

/// <summary>The state of an instance, for a workflow that calls it as its child.</summary>
internal sealed record InstanceOutcome(string Name, WorkflowRuntimeStatus Status, string? Output, string? ErrorType);

/// <summary>An instance that was terminated.</summary>
internal sealed record TerminatedRow(long Key, string Id, string Name);

/// <summary>A clean-up step that a terminated instance still needs.</summary>
/// <param name="Instance">Key of the instance.</param>
/// <param name="InstanceId">Id of the instance.</param>
/// <param name="Input">Input of the instance, JSON; null if the instance was purged.</param>
/// <param name="Step">The step's name.</param>
/// <param name="FailedAttempts">Number of failed attempts so far.</param>
/// <param name="Due">Earliest time of the next attempt, UTC.</param>
internal sealed record OwedCleanup(long Instance, string InstanceId, string? Input, string Step, int FailedAttempts, DateTimeOffset Due);
