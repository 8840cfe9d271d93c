using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Configures traces and logs with OpenTelemetry. The Functions host, this process and the trainer write to one trace. It leads
/// from the dropped blob through its orchestration, its activities and the trainer's run to the published model.</summary>
public static class Telemetry
{
    /// <summary>Setting with the connection string of Application Insights. If it is not set, nothing is exported and the host prints this
    /// process's log.</summary>
    public const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Activity source of Durable's client and worker for what they schedule.</summary>
    private const string DurableSource = "Microsoft.DurableTask";

    /// <summary>Adds tracing and logging to Application Insights, if <see cref="ConnectionSetting"/> is set. Otherwise adds nothing: with
    /// OpenTelemetry the worker's log records lose the id of their invocation, and the host drops records that have none
    /// (azure-functions-dotnet-worker#3489).</summary>
    public static IServiceCollection AddPipelineTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (string.IsNullOrEmpty(configuration[ConnectionSetting]))
            return services;
        services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(DurableSource))
            .UseFunctionsWorkerDefaults()
            .UseAzureMonitorExporter();
        services.Configure<OpenTelemetryLoggerOptions>(logs => logs.IncludeFormattedMessage = true);
        services.AddOptions<AzureMonitorExporterOptions>().Configure<TokenCredential>((exporter, identity) =>
        {
            exporter.Credential = identity;

            // Export everything: the volume is small, and alerts read it. By default the exporter keeps five traces a second,
            // chosen at random, and drops the logs of the others.
            exporter.TracesPerSecond = null;
            exporter.SamplingRatio = 1;
            exporter.EnableTraceBasedLogsSampler = false;
        });
        return services;
    }
}
