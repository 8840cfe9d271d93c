using KeypointPipeline.Port;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Port;

/// <summary>What <see cref="IWorkflowContext"/> and <see cref="IWorkflowClient"/> promise, on any engine. Delays are real and
/// short, and nothing is asserted on the clock.</summary>
public abstract partial class WorkflowPortSuite(IEngineUnderTest engine)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>Instance ids of this test begin with it.</summary>
    private readonly string _id = $"t{Guid.NewGuid():N}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<EngineRun> StartAsync(WorkflowCatalog catalog) => EngineRun.StartAsync(engine, catalog);

    private static WorkflowCatalog Catalog() => new WorkflowCatalog()
        .Workflow("echo", (_, input) => Task.FromResult(input))
        .Workflow("break", (_, input) => throw new InvalidDataException(input))
        .Workflow("wait", WaitAsync);

    /// <summary>Says that it waits, and gives the event "go" back.</summary>
    private static async Task<string> WaitAsync(IWorkflowContext context, string input)
    {
        context.SetStatus("waiting");
        return $"{input}{await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan)}";
    }

    private static void Log(IWorkflowContext context, string word) => context.Logger.LogWarning("chatty says {Word}", word);
}
