using System.Text.Json;
using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Port;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>The Durable engine in this process, with the app's own adapters on it. It replays an orchestration at every answer.</summary>
/// <param name="register">Registers what the engine knows, for tests of the functions themselves; null: the catalog's own code.</param>
public sealed class DurableEngine(Action<DurableTaskRegistry, Func<IServiceProvider>>? register = null) : IEngineUnderTest
{
    /// <summary>It depends on the backend whether children are terminated too, and none runs code of a terminated orchestration:
    /// the app's housekeeping timer cleans up.</summary>
    public bool TerminatesWithChildren => false;

    /// <inheritdoc/>
    public bool AdoptsExistingChildren => false;

    /// <inheritdoc/>
    public string OwnReplayError => "Non-Deterministic workflow detected";

    /// <inheritdoc/>
    public async Task<IRunningEngine> StartAsync(
        WorkflowCatalog catalog, IServiceCollection services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        DurableTaskTestHost? host = null;
        Action<DurableTaskRegistry, Func<IServiceProvider>> known = register ?? ((registry, provider) => Register(registry, catalog, provider));
        host = await InProcessHost.StartAsync(registry => known(registry, () => host!.Services), services, cancellationToken);
        return new RunningEngine(host);
    }

    /// <summary>Registers the catalog's workflows and steps on the app's own adapters.</summary>
    internal static void Register(DurableTaskRegistry registry, WorkflowCatalog catalog, Func<IServiceProvider> services)
    {
        foreach (WorkflowEntry workflow in catalog.Workflows.Values)
        {
            registry.AddOrchestratorFunc<JsonElement, JsonElement>(workflow.Name, async (context, input) =>
                ToElement(await workflow.RunAsync(services(), new DurableWorkflowContext(context), input.GetRawText())));
        }

        foreach (StepEntry step in catalog.Steps.Values)
        {
            registry.AddActivityFunc<JsonElement, JsonElement>(step.Name, async (_, input) =>
                ToElement(await step.RunAsync(services(), input.GetRawText(), CancellationToken.None)));
        }
    }

    private static JsonElement ToElement(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private sealed class RunningEngine(DurableTaskTestHost host) : IRunningEngine
    {
        public IWorkflowClient Client { get; } = new PatientClient(new DurableWorkflowClient(host.Client));

        public Task ReplayAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
