using KeypointPipeline.WorkflowSuite.Port;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>The port's promises, on Durable.</summary>
public sealed class PortTests() : WorkflowPortSuite(new DurableEngine());
