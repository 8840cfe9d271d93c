using System.Collections.Concurrent;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using KeypointPipeline.WorkflowSuite.Replay;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Pipeline;

/// <summary>The turns of trainings on any engine: the real workflow and slot, under the replay guard, with a plan that fails at once.</summary>
/// <param name="azurite">The storage server; an assembly fixture of the deriving project.</param>
/// <param name="engine">The engine.</param>
public abstract class TurnSuite(AzuriteFixture azurite, IEngineUnderTest engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_trainings_run_in_order_of_arrival()
    {
        var slot = new TrainingSlot((await azurite.NewStorageAsync(Cancel)).Storage, TimeProvider.System);
        await slot.AcquireAsync("busy", Cancel);
        var planned = new ConcurrentQueue<string>();
        await using EngineRun run = await EngineRun.StartAsync(engine, new ReplayGuard().Over(Catalog(slot, planned)));
        string[] trainings = ["train-c", "train-a", "train-b"];
        for (int i = 0; i < trainings.Length; i++)
        {
            await run.Client.StartAsync(TrainModel.Ref, new TrainModelInput("test", null, Force: false, null), trainings[i], Cancel);
            string[] expected = ["busy", .. trainings[..(i + 1)]];
            await Eventually.TrueAsync(async () => expected.SequenceEqual((await slot.FindAsync(Cancel)).Instances));
        }

        await run.ReplayAsync();
        await slot.ReleaseAsync("busy", Cancel);
        foreach (string training in trainings)
            Assert.Contains(FailingPlan.Message, await run.ErrorAsync(training), StringComparison.Ordinal);

        Assert.Equal(trainings, planned);
        Assert.Empty((await slot.FindAsync(Cancel)).Instances);
    }

    private static WorkflowCatalog Catalog(TrainingSlot slot, ConcurrentQueue<string> planned) => new WorkflowCatalog()
        .Add(TrainModel.Ref, _ => new TrainModel())
        .Add(AcquireTrainingSlot.Ref, _ => new AcquireTrainingSlot(slot))
        .Add(ReleaseTrainingSlot.Ref, _ => new ReleaseTrainingSlot(slot))
        .Add(PlanTraining.Ref, _ => new FailingPlan(planned))
        .Add(CleanUpTraining.Ref, _ => new NoCleanUp());

    private sealed class FailingPlan(ConcurrentQueue<string> planned) : Step<PlanTrainingInput, TrainingPlan>
    {
        public const string Message = "This plan fails.";

        public override Task<TrainingPlan> RunAsync(PlanTrainingInput input, CancellationToken cancellationToken)
        {
            planned.Enqueue(input.RunId);
            throw new PermanentStepException(Message);
        }
    }

    private sealed class NoCleanUp : Step<TerminatedInstance, bool>
    {
        public override Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
