namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>A workflow's code broke a rule of replay: its requests differ from the journal, or it awaited something that is not
/// recorded. This ends the instance, even if the code catches the exception.</summary>
internal sealed class WorkflowRuleException : Exception
{
    /// <summary>Creates the exception with a message that names the broken rule.</summary>
    public WorkflowRuleException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception for code whose requests differ from the journal.</summary>
    public static WorkflowRuleException Mismatch(int action, string recorded, string asked) => new(
        $"The workflow is not deterministic, or its code changed before this instance ended: action {action} is "
        + $"{recorded} in the journal, but the code now {asked}.");

    /// <summary>Creates the exception for code that continued, or waits, outside its context.</summary>
    public static WorkflowRuleException Stray() => new(
        "The workflow awaits something that is not recorded (such as Task.Delay, Task.Run, I/O or ConfigureAwait(false)). "
        + "Workflow code may await only tasks of its IWorkflowContext. Do other work in a step.");
}
