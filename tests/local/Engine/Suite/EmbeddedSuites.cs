using KeypointPipeline.WorkflowSuite.Port;
using KeypointPipeline.WorkflowSuite.Replay;

namespace KeypointPipeline.Local.Tests.Engine.Suite;

/// <summary>The port's promises on the embedded engine.</summary>
public sealed class EmbeddedPortTests() : WorkflowPortSuite(new EmbeddedEngine());

/// <summary>The replay guard over the embedded engine.</summary>
public sealed class EmbeddedReplayGuardTests() : ReplayGuardSuite(new EmbeddedEngine());
