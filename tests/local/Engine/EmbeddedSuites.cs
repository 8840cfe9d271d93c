using KeypointPipeline.Local.Training;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Pipeline;
using KeypointPipeline.WorkflowSuite.Port;
using KeypointPipeline.WorkflowSuite.Replay;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>The port's promises on the embedded engine.</summary>
public sealed class EmbeddedPortTests() : WorkflowPortSuite(new EmbeddedEngine());

/// <summary>The replay guard over the embedded engine.</summary>
public sealed class EmbeddedReplayGuardTests() : ReplayGuardSuite(new EmbeddedEngine());

/// <summary>The turns of trainings on the embedded engine.</summary>
public sealed class EmbeddedTurnTests(AzuriteFixture azurite) : TurnSuite(azurite, new EmbeddedEngine());

/// <summary>Large batches on the embedded engine.</summary>
public sealed class EmbeddedLargeBatchTests() : LargeBatchSuite(new EmbeddedEngine());

/// <summary>The pipeline on the embedded engine, its trainer as a process of its own.</summary>
public sealed class EmbeddedPipelineTests(AzuriteFixture azurite) : PipelineSuite(
    azurite,
    new EmbeddedEngine(),
    (folder, connectionString) => new ChildProcessTrainerLauncher(
        new TrainerProcessOptions(folder, connectionString), NullLogger<ChildProcessTrainerLauncher>.Instance));
