using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Timers;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Creates the runs of instances.</summary>
/// <param name="code">The workflows' code.</param>
/// <param name="steps">Runs the steps of instances.</param>
/// <param name="timers">Runs the timers of instances.</param>
/// <param name="writer">Writes the journal.</param>
/// <param name="queries">Reads the journal.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Creates the loggers of workflows.</param>
/// <param name="onFault">Called when the journal cannot be read.</param>
internal sealed class WorkflowRunFactory(
    WorkflowCode code,
    WorkflowSteps steps,
    DurableTimers timers,
    JournalWriter writer,
    JournalQueries queries,
    TimeProvider time,
    ILoggerFactory loggers,
    Action<Exception> onFault)
{
    /// <summary>Creates the run of an instance that is in the journal.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="instances">Starts the children of the instance and records its end.</param>
    public WorkflowRun Create(InstanceRecord record, LiveInstances instances) => new(
        record,
        new InstanceJournal(record, writer, queries, time),
        code,
        run => new ActionStarter(run, steps, timers, instances),
        instances,
        loggers.CreateLogger($"Workflow.{record.Name}"),
        onFault);
}
