using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The workflows' code by name, ready to run.</summary>
/// <param name="workflows">The registered workflows.</param>
/// <param name="services">What they are created from.</param>
internal sealed class WorkflowCode(IReadOnlyDictionary<string, WorkflowEntry> workflows, IServiceProvider services)
{
    /// <summary>Finds a workflow's code. It takes a context and the input, JSON, and gives the output, JSON.</summary>
    /// <exception cref="InvalidOperationException">No such workflow is registered.</exception>
    public Func<IWorkflowContext, string, Task<string>> Find(string workflow) =>
        workflows.TryGetValue(workflow, out WorkflowEntry? entry)
            ? (context, input) => entry.RunAsync(services, context, input)
            : throw new InvalidOperationException($"No workflow is registered under the name {workflow}.");
}
