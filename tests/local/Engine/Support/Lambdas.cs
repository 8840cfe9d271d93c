using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>A workflow written where it is tested. Uses nothing but the port, so it runs on any engine.</summary>
internal sealed class LambdaWorkflow(Func<IWorkflowContext, string, Task<string>> run) : Workflow<string, string>
{
    public override Task<string> RunAsync(IWorkflowContext context, string input) => run(context, input);
}

/// <summary>A step written where it is tested.</summary>
internal sealed class LambdaStep(Func<string, CancellationToken, Task<string>> run) : Step<string, string>
{
    public override Task<string> RunAsync(string input, CancellationToken cancellationToken) => run(input, cancellationToken);
}

internal static class LambdaCatalog
{
    public static WorkflowRef<string, string> Workflow(string name) => new(name);

    public static StepRef<string, string> Step(string name, StepRetry? retry = null) => new(name, retry ?? StepRetry.None);

    public static WorkflowCatalog Workflow(this WorkflowCatalog catalog, string name, Func<IWorkflowContext, string, Task<string>> run) =>
        catalog.Add(Workflow(name), _ => new LambdaWorkflow(run));

    public static WorkflowCatalog Step(this WorkflowCatalog catalog, string name, Func<string, CancellationToken, Task<string>> run) =>
        catalog.Add(Step(name), _ => new LambdaStep(run));

    public static WorkflowCatalog Step(this WorkflowCatalog catalog, string name, Func<string, string> run) =>
        catalog.Step(name, (input, _) => Task.FromResult(run(input)));

    public static Task<string> CallStepAsync(this IWorkflowContext context, string name, string input, StepRetry? retry = null) =>
        context.CallStepAsync(Step(name, retry), input);

    public static Task<string> CallChildAsync(this IWorkflowContext context, string name, string input, string instanceId) =>
        context.CallWorkflowAsync(Workflow(name), input, instanceId);
}
