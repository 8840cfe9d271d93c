using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Finds the code of workflows by name.</summary>
/// <param name="workflows">The registered workflows.</param>
/// <param name="services">Services that create the workflows.</param>
internal sealed class WorkflowCode(IReadOnlyDictionary<string, WorkflowEntry> workflows, IServiceProvider services)
{
    /// <summary>Finds the code of a workflow. It takes a context and the input as JSON, and returns the output as JSON.</summary>
    /// <exception cref="InvalidOperationException">No workflow is registered under the name.</exception>
    public Func<IWorkflowContext, string, Task<string>> Find(string workflow) =>
        workflows.TryGetValue(workflow, out WorkflowEntry? entry)
            ? (context, input) => entry.RunAsync(services, context, input)
            : throw new InvalidOperationException($"No workflow is registered under the name {workflow}.");
}
