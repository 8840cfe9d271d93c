using KeypointPipeline.Local.Training;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Pipeline;
using KeypointPipeline.WorkflowSuite.Port;
using KeypointPipeline.WorkflowSuite.Replay;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>The port's promises on Durable.</summary>
public sealed class DurablePortTests() : WorkflowPortSuite(new DurableEngine());

/// <summary>The replay guard over Durable.</summary>
public sealed class DurableReplayGuardTests() : ReplayGuardSuite(new DurableEngine());

/// <summary>The turns of trainings on Durable.</summary>
public sealed class DurableTurnTests(AzuriteFixture azurite) : TurnSuite(azurite, new DurableEngine());

/// <summary>Large batches on Durable.</summary>
public sealed class DurableLargeBatchTests() : LargeBatchSuite(new DurableEngine());

/// <summary>The pipeline on Durable, its trainer as a process of its own.</summary>
public sealed class DurablePipelineTests(AzuriteFixture azurite) : PipelineSuite(
    azurite,
    new DurableEngine(),
    (folder, connectionString) => new ChildProcessTrainerLauncher(
        new TrainerProcessOptions(folder, connectionString), NullLogger<ChildProcessTrainerLauncher>.Instance));
