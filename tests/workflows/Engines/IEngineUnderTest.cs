using KeypointPipeline.Port;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.WorkflowSuite.Engines;

/// <summary>A workflow engine as the suites see it. A test project that has an engine implements this once, and derives one
/// sealed class from each suite that passes it on: <c>public sealed class PortTests() : WorkflowPortSuite(new MyEngine());</c></summary>
public interface IEngineUnderTest
{
    /// <summary>Whether terminating an instance terminates its children and runs the clean-up steps
    /// (<see cref="WorkflowEntry.OnTerminated"/>) of all of them; else only the instance ends.</summary>
    bool TerminatesWithChildren { get; }

    /// <summary>Whether a child workflow whose id belongs to an instance already takes that one's outcome; else it replaces it.</summary>
    bool AdoptsExistingChildren { get; }

    /// <summary>How the error begins with which the engine itself meets a replay that asks for something else, where it replays
    /// so often that it comes before the guard; null where it does not.</summary>
    string? OwnReplayError { get; }

    /// <summary>Starts an engine of the test's own, with nothing in it.</summary>
    /// <param name="catalog">The workflows and steps it knows.</param>
    /// <param name="services">What steps are created from, and a logger provider. Engines may add to it.</param>
    /// <param name="cancellationToken">The test's.</param>
    Task<IRunningEngine> StartAsync(WorkflowCatalog catalog, IServiceCollection services, CancellationToken cancellationToken);
}

/// <summary>An engine that runs. Disposing stops it at once and deletes what it kept.</summary>
public interface IRunningEngine : IAsyncDisposable
{
    /// <summary>Starts and queries instances; may be another one after <see cref="ReplayAsync"/>.</summary>
    IWorkflowClient Client { get; }

    /// <summary>Makes sure that every instance under way is replayed before it goes on: an engine that keeps code in memory
    /// is stopped and started again; one that replays at every answer does nothing.</summary>
    Task ReplayAsync(CancellationToken cancellationToken);
}
