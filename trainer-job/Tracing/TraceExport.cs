using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using KeypointPipeline.Training;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace KeypointPipeline.TrainerJob.Tracing;

/// <summary>Sends the trainer's activities to Application Insights, if the environment names such a resource.</summary>
internal static class TraceExport
{
    /// <summary>Starts exporting.</summary>
    /// <param name="find">Gives a variable's value, or null.</param>
    /// <returns>An object that sends the remaining activities when disposed; null if nothing is exported.</returns>
    public static IDisposable? Start(Func<string, string?> find)
    {
        if (find(TrainerVariables.Insights) is not { Length: > 0 } connectionString)
            return null;
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(TrainerCommandLine.Program))
            .AddSource(TrainerActivities.SourceName)
            .AddAzureMonitorTraceExporter(options =>
            {
                options.ConnectionString = connectionString;

                // Export every trace: a training is one trace of four activities. By default the exporter keeps a random five traces
                // per second.
                options.TracesPerSecond = null;
                options.SamplingRatio = 1;
                if (find(TrainerVariables.ClientId) is { Length: > 0 })
                    options.Credential = new DefaultAzureCredential();
            })
            .Build();
    }
}
