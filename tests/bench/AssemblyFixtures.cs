[assembly: Xunit.AssemblyFixture(typeof(KeypointPipeline.TestSupport.AzuriteFixture))]
