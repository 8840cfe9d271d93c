using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using KeypointPipeline.Functions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Hosting;

public sealed class TelemetryTests
{
    /// <summary>What a worker tells the host that exports its own telemetry. The host then drops the worker's log records, because they
    /// have no invocation id (azure-functions-dotnet-worker#3489), and its console shows none.</summary>
    private const string ExportsItself = "WorkerOpenTelemetryEnabled";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_Application_Insights_the_log_goes_to_the_host_which_prints_it(string? setting)
    {
        using ServiceProvider services = Create(setting);

        Assert.DoesNotContain(ExportsItself, services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
    }

    [Fact]
    public void With_Application_Insights_everything_is_exported_with_the_apps_identity()
    {
        using ServiceProvider services = Create("InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://in.example/");

        AzureMonitorExporterOptions exporter = services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;
        Assert.Same(services.GetRequiredService<TokenCredential>(), exporter.Credential);
        Assert.Equal((null, 1f, false), (exporter.TracesPerSecond, exporter.SamplingRatio, exporter.EnableTraceBasedLogsSampler));
        Assert.Contains(ExportsItself, services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
    }

    private static ServiceProvider Create(string? setting) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TokenCredential>(new DefaultAzureCredential())
        .AddPipelineTelemetry(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [Telemetry.ConnectionSetting] = setting })
            .Build())
        .BuildServiceProvider();
}
