using Azure.Core;
using Azure.Core.Serialization;
using Azure.Identity;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Hosts;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Registers the services of the function app.</summary>
public static class FunctionsHost
{
    /// <summary>Adds all services that the functions use.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services, PipelineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.Configure<WorkerOptions>(worker => worker.Serializer = new JsonObjectSerializer(PipelineJson.Compact));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.AddSingleton(provider => new PipelineStorage(settings.Storage.Open(provider.GetRequiredService<TokenCredential>())));
        services.AddSingleton(new WorkFolder(Path.Combine(Path.GetTempPath(), "keypoints")));
        services.AddSingleton(settings.Training);
        services.AddSingleton(settings.Finder);
        services.AddSingleton(new ReconcileLimits());
        services.AddSingleton<IHostFacts>(new FunctionsHostFacts(settings));
        services.AddSingleton(settings.Jobs);
        services.AddSingleton(provider => new ContainerAppsClient(
            settings.Cloud, provider.GetRequiredService<TokenCredential>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITrainerLauncher, ContainerAppsTrainerLauncher>();
        return services.AddPipelineSteps().AddPipelineApi();
    }
}
