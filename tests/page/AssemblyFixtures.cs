[assembly: Xunit.AssemblyFixture(typeof(KeypointPipeline.Page.Tests.Browser))]
[assembly: Xunit.AssemblyFixture(typeof(KeypointPipeline.Page.Tests.SmallHost))]
[assembly: Xunit.AssemblyFixture(typeof(KeypointPipeline.Page.Tests.WaitingHost))]
