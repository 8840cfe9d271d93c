using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Traces and logs by OpenTelemetry. The host, this process and the trainer write to one trace: from the dropped blob,
/// over its orchestration and activities and the trainer's run, to the published model.</summary>
public static class Telemetry
{
    /// <summary>The Application Insights resource; nothing is exported where it is not set.</summary>
    public const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Where Durable's client and worker report what they schedule.</summary>
    private const string DurableSource = "Microsoft.DurableTask";

    /// <summary>Adds tracing, and its export where the setting asks for it.</summary>
    public static IServiceCollection AddPipelineTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(DurableSource))
            .UseFunctionsWorkerDefaults();
        if (configuration[ConnectionSetting] is { Length: > 0 })
        {
            telemetry.UseAzureMonitorExporter();
            services.Configure<OpenTelemetryLoggerOptions>(logs => logs.IncludeFormattedMessage = true);
            services.AddOptions<AzureMonitorExporterOptions>().Configure<TokenCredential>((exporter, identity) =>
            {
                exporter.Credential = identity;

                // All of it: there is little, and alerts read it. By default the exporter keeps five traces a second, leaves to
                // chance which, and drops the logs of the others.
                exporter.TracesPerSecond = null;
                exporter.SamplingRatio = 1;
                exporter.EnableTraceBasedLogsSampler = false;
            });
        }

        return services;
    }
}
