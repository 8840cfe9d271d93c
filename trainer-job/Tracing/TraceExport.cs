using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace KeypointPipeline.TrainerJob.Tracing;

/// <summary>Sends the trainer's activities to Application Insights, where the environment names one.</summary>
internal static class TraceExport
{
    /// <summary>Names the Application Insights resource.</summary>
    public const string ConnectionStringVariable = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Names the identity of the process in Azure; where it is set, traces are sent under it.</summary>
    private const string ClientIdVariable = "AZURE_CLIENT_ID";

    /// <summary>Starts exporting.</summary>
    /// <param name="find">Gives a variable's value, or null.</param>
    /// <returns>Disposing it sends what is left; null where nothing is exported.</returns>
    public static IDisposable? Start(Func<string, string?> find)
    {
        if (find(ConnectionStringVariable) is not { Length: > 0 } connectionString)
            return null;
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("keypoint-trainer"))
            .AddSource(TrainerActivities.SourceName)
            .AddAzureMonitorTraceExporter(options =>
            {
                options.ConnectionString = connectionString;

                // All of it: a training is one trace of four activities. By default the exporter keeps five traces a second, and
                // which ones is left to chance.
                options.TracesPerSecond = null;
                options.SamplingRatio = 1;
                if (find(ClientIdVariable) is { Length: > 0 })
                    options.Credential = new DefaultAzureCredential();
            })
            .Build();
    }
}
