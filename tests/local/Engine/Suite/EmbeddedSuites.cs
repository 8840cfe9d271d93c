using KeypointPipeline.WorkflowSuite.Port;

namespace KeypointPipeline.Local.Tests.Engine.Suite;

/// <summary>The port's promises on the embedded engine.</summary>
public sealed class EmbeddedPortTests() : WorkflowPortSuite(new EmbeddedEngine());
