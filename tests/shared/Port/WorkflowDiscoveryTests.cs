using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Port;

public sealed class WorkflowDiscoveryTests
{
    [Fact]
    public async Task A_step_is_found_under_its_own_name_and_retries_and_comes_from_the_services()
    {
        WorkflowCatalog catalog = WorkflowDiscovery.CreateCatalog([typeof(Doubling), typeof(Tidying), typeof(string)]);

        StepEntry step = catalog.Steps["double"];
        Assert.Equal((2, StepRetry.Patient), (catalog.Steps.Count, step.Retry));
        using ServiceProvider services = new ServiceCollection().AddSingleton(new Doubling(factor: 3)).BuildServiceProvider();
        Assert.Equal("21", await step.RunAsync(services, "7", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_workflow_is_found_with_the_clean_up_step_that_it_states_and_is_made_anew_for_each_run()
    {
        WorkflowCatalog catalog = WorkflowDiscovery.CreateCatalog([typeof(Counting), typeof(Tidying)]);

        WorkflowEntry workflow = catalog.Workflows["count"];
        Assert.Equal("tidy", workflow.OnTerminated);
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        Assert.Equal(1, PipelineJson.Read<int>(await workflow.RunAsync(services, null!, "0")));
        Assert.Equal(1, PipelineJson.Read<int>(await workflow.RunAsync(services, null!, "0")));
    }

    [Fact]
    public void Only_steps_that_can_be_made_are_steps() =>
        Assert.Equal([typeof(Doubling), typeof(Derived)], WorkflowDiscovery.FindSteps([typeof(Unfinished), typeof(Doubling), typeof(Counting), typeof(Derived)]));

    [Theory]
    [InlineData("Nameless has no public static property 'Ref' of type StepRef<Int32, String>.", typeof(Nameless))]
    [InlineData("Misnamed has no public static property 'Ref' of type StepRef<Int32, String>.", typeof(Misnamed))]
    [InlineData("Derived has no public static property 'Ref' of type StepRef<Int32, Boolean>.", typeof(Derived))]
    [InlineData("NamelessWorkflow has no public static property 'Ref' of type WorkflowRef<String, String>.", typeof(NamelessWorkflow))]
    [InlineData("Doubling and AlsoDoubling are both named 'double': give one of them another name.", typeof(Doubling), typeof(AlsoDoubling))]
    [InlineData("Doubling and DoublingWorkflow are both named 'double': give one of them another name.", typeof(Doubling), typeof(DoublingWorkflow))]
    [InlineData("Counting cleans up with the step 'tidy', which does not exist.", typeof(Counting))]
    [InlineData("Needy has no public constructor without parameters: a workflow uses only its context.", typeof(Needy))]
    public void What_cannot_be_run_is_named(string message, params Type[] types) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => WorkflowDiscovery.CreateCatalog(types)).Message);

    private sealed class Doubling(int factor) : Step<int, int>
    {
        public static StepRef<int, int> Ref { get; } = new("double", StepRetry.Patient);

        public override Task<int> RunAsync(int input, CancellationToken cancellationToken) => Task.FromResult(factor * input);
    }

    private sealed class AlsoDoubling : Step<int, int>
    {
        public static StepRef<int, int> Ref { get; } = Doubling.Ref;

        public override Task<int> RunAsync(int input, CancellationToken cancellationToken) => Task.FromResult(input + input);
    }

    private sealed class Tidying : Step<TerminatedInstance, bool>
    {
        public static StepRef<TerminatedInstance, bool> Ref { get; } = new("tidy", StepRetry.Default);

        public override Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken) => Task.FromResult(true);
    }

    private sealed class Nameless : Step<int, string>
    {
        public override Task<string> RunAsync(int input, CancellationToken cancellationToken) => Task.FromResult("");
    }

    private sealed class Misnamed : Step<int, string>
    {
        public static StepRef<int, int> Ref { get; } = new("misnamed", StepRetry.Default);

        public override Task<string> RunAsync(int input, CancellationToken cancellationToken) => Task.FromResult("");
    }

    private abstract class Unfinished : Step<int, bool>
    {
        public static StepRef<int, bool> Ref { get; } = new("unfinished", StepRetry.Default);
    }

    private sealed class Derived : Unfinished
    {
        public override Task<bool> RunAsync(int input, CancellationToken cancellationToken) => Task.FromResult(true);
    }

    private sealed class Counting : Workflow<int, int>
    {
        private int _runs;

        public static WorkflowRef<int, int> Ref { get; } = new("count", Tidying.Ref);

        public override Task<int> RunAsync(IWorkflowContext context, int input) => Task.FromResult(++_runs);
    }

    private sealed class DoublingWorkflow : Workflow<int, int>
    {
        public static WorkflowRef<int, int> Ref { get; } = new("double");

        public override Task<int> RunAsync(IWorkflowContext context, int input) => Task.FromResult(2 * input);
    }

    private sealed class NamelessWorkflow : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input) => Task.FromResult(input);
    }

    private sealed class Needy(string need) : Workflow<string, string>
    {
        public static WorkflowRef<string, string> Ref { get; } = new("needy");

        public override Task<string> RunAsync(IWorkflowContext context, string input) => Task.FromResult(need);
    }
}
