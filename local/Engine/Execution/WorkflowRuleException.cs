namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>A workflow's code did what replay cannot bear: it asked for something else than its journal holds, or awaited
/// something that is not recorded. Ends the instance, whatever the code catches.</summary>
internal sealed class WorkflowRuleException : Exception
{
    /// <summary>Creates the exception.</summary>
    public WorkflowRuleException(string message)
        : base(message)
    {
    }

    /// <summary>The code asked for something else than the journal holds.</summary>
    public static WorkflowRuleException Mismatch(int action, string recorded, string asked) => new(
        $"The workflow is not deterministic, or its code was changed while this instance was under way: action {action} is "
        + $"{recorded} in the journal, but the code now {asked}.");

    /// <summary>The code went on, or waits, outside its context.</summary>
    public static WorkflowRuleException Stray() => new(
        "The workflow awaits something that is not recorded (such as Task.Delay, Task.Run, I/O or ConfigureAwait(false)). "
        + "Workflow code may await only what its IWorkflowContext gives; do the work in a step.");
}
