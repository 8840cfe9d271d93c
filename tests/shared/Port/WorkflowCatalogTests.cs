using KeypointPipeline.Port;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Port;

public sealed class WorkflowCatalogTests
{
    [Fact]
    public async Task Steps_are_replaced_under_their_names_and_workflows_stay()
    {
        var catalog = new WorkflowCatalog()
            .Add(new WorkflowRef<int, int>("count"), _ => new Count())
            .Add(new StepRef<int, int>("double", StepRetry.None), _ => new Double());

        WorkflowCatalog replaced = catalog.WithSteps(step => step with { RunAsync = async (services, input, token) => $"-{await step.RunAsync(services, input, token)}" });

        Assert.Equal(catalog.Workflows, replaced.Workflows);
        StepEntry step = Assert.Single(replaced.Steps).Value;
        Assert.Equal(("double", StepRetry.None), (step.Name, step.Retry));
        Assert.Equal("-8", await step.RunAsync(null!, "4", TestContext.Current.CancellationToken));
        Assert.Equal("8", await catalog.Steps["double"].RunAsync(null!, "4", TestContext.Current.CancellationToken));
    }

    private sealed class Count : Workflow<int, int>
    {
        public override Task<int> RunAsync(IWorkflowContext context, int input) => Task.FromResult(input);
    }

    private sealed class Double : Step<int, int>
    {
        public override Task<int> RunAsync(int input, CancellationToken cancellationToken) => Task.FromResult(2 * input);
    }
}
