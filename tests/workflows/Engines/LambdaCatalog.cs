using KeypointPipeline.Port;

namespace KeypointPipeline.WorkflowSuite.Engines;

/// <summary>A workflow written where it is tested. Uses nothing but the port, so it runs on any engine.</summary>
public sealed class LambdaWorkflow(Func<IWorkflowContext, string, Task<string>> run) : Workflow<string, string>
{
    /// <inheritdoc/>
    public override Task<string> RunAsync(IWorkflowContext context, string input) => run(context, input);
}

/// <summary>A step written where it is tested.</summary>
public sealed class LambdaStep(Func<string, CancellationToken, Task<string>> run) : Step<string, string>
{
    /// <inheritdoc/>
    public override Task<string> RunAsync(string input, CancellationToken cancellationToken) => run(input, cancellationToken);
}

/// <summary>Catalogs of workflows and steps from string to string, by name.</summary>
public static class LambdaCatalog
{
    /// <summary>Names a workflow, and the step that cleans up after its termination.</summary>
    public static WorkflowRef<string, string> Workflow(string name, StepRef<TerminatedInstance, bool>? onTerminated = null) => new(name, onTerminated);

    /// <summary>Names a step; one try unless said otherwise.</summary>
    public static StepRef<string, string> Step(string name, StepRetry? retry = null) => new(name, retry ?? StepRetry.None);

    /// <summary>Adds a workflow.</summary>
    public static WorkflowCatalog Workflow(this WorkflowCatalog catalog, string name, Func<IWorkflowContext, string, Task<string>> run) =>
        catalog.Add(Workflow(name), _ => new LambdaWorkflow(run));

    /// <summary>Adds a step.</summary>
    public static WorkflowCatalog Step(
        this WorkflowCatalog catalog, string name, Func<string, CancellationToken, Task<string>> run, StepRetry? retry = null) =>
        catalog.Add(Step(name, retry), _ => new LambdaStep(run));

    /// <summary>Adds a step that waits for nothing.</summary>
    public static WorkflowCatalog Step(this WorkflowCatalog catalog, string name, Func<string, string> run, StepRetry? retry = null) =>
        catalog.Step(name, (input, _) => Task.FromResult(run(input)), retry);

    /// <summary>Calls a step by name.</summary>
    public static Task<string> CallStepAsync(this IWorkflowContext context, string name, string input, StepRetry? retry = null) =>
        context.CallStepAsync(Step(name, retry), input);

    /// <summary>Calls a child workflow by name.</summary>
    public static Task<string> CallChildAsync(this IWorkflowContext context, string name, string input, string instanceId) =>
        context.CallWorkflowAsync(Workflow(name), input, instanceId);
}
